"""The alliance IPD with Mesa, as its tutorials teach: agents with a step, a model, a data collector."""

import time

import mesa

from common import main

SCORES = {(True, True): (3, 3), (True, False): (0, 5), (False, True): (5, 0), (False, False): (1, 1)}


class Country(mesa.Agent):
    def __init__(self, model, place):
        super().__init__(model)
        self.place = place
        self.rule = place % 3
        self.score = 0
        self.kind_acts = 0
        self.last_seen = {}

    def choose(self, partner):
        if self.rule == 0:
            act = self.last_seen.get(partner.place, True)
        else:
            act = self.rule == 2
        noise = self.model.noise
        if noise and self.random.random() < noise:
            act = not act
        return act

    def step(self):
        for partner in self.model.countries[self.place + 1 :]:
            mine, theirs = self.choose(partner), partner.choose(self)
            own, other = SCORES[mine, theirs]
            self.score += own
            partner.score += other
            self.kind_acts += mine
            partner.kind_acts += theirs
            self.last_seen[partner.place] = theirs
            partner.last_seen[self.place] = mine


class Pact(mesa.Model):
    def __init__(self, n, noise, seed):
        super().__init__(seed=seed)
        self.noise = noise
        self.countries = [Country(self, place) for place in range(n)]
        self.datacollector = mesa.DataCollector(
            model_reporters={"cooperations": lambda m: sum(c.kind_acts for c in m.countries)}
        )

    def step(self):
        self.agents.do("step")
        self.datacollector.collect(self)


def play(n, rounds, noise, seed):
    model = Pact(n, noise, seed)
    start = time.perf_counter()
    for _ in range(rounds):
        model.step()
    seconds = time.perf_counter() - start
    return sum(c.score for c in model.countries), sum(c.kind_acts for c in model.countries), seconds


if __name__ == "__main__":
    main("Mesa", play, [(6, 10000), (32, 500), (300, 5)])
