//! Country codes of another system, so that a mistake can say which code is meant.

/// State abbreviations of the Correlates of War project that differ from ISO 3166-1 alpha-3, with the ISO code (Correlates
/// of War Project, State System Membership List, v2016).
const CORRELATES_OF_WAR: &[(&str, &str)] = &[
    ("ALG", "DZA"),
    ("ANG", "AGO"),
    ("AUL", "AUS"),
    ("AUS", "AUT"),
    ("BAH", "BHR"),
    ("BFO", "BFA"),
    ("BHU", "BTN"),
    ("BNG", "BGD"),
    ("BOS", "BIH"),
    ("BOT", "BWA"),
    ("BUI", "BDI"),
    ("BUL", "BGR"),
    ("CAM", "KHM"),
    ("CAO", "CMR"),
    ("CDI", "CIV"),
    ("CEN", "CAF"),
    ("CHA", "TCD"),
    ("CON", "COG"),
    ("COS", "CRI"),
    ("CRO", "HRV"),
    ("CZR", "CZE"),
    ("DEN", "DNK"),
    ("DRC", "COD"),
    ("DRV", "VNM"),
    ("FRN", "FRA"),
    ("GAM", "GMB"),
    ("GFR", "DEU"),
    ("GMY", "DEU"),
    ("GRG", "GEO"),
    ("GUA", "GTM"),
    ("GUI", "GIN"),
    ("HAI", "HTI"),
    ("HON", "HND"),
    ("ICE", "ISL"),
    ("INS", "IDN"),
    ("IRE", "IRL"),
    ("KOS", "XKX"),
    ("KUW", "KWT"),
    ("KYR", "KGZ"),
    ("KZK", "KAZ"),
    ("LAT", "LVA"),
    ("LEB", "LBN"),
    ("LES", "LSO"),
    ("LIB", "LBY"),
    ("LIT", "LTU"),
    ("MAA", "MRT"),
    ("MAC", "MKD"),
    ("MAG", "MDG"),
    ("MAL", "MYS"),
    ("MAW", "MWI"),
    ("MLD", "MDA"),
    ("MNC", "MCO"),
    ("MNG", "MNE"),
    ("MON", "MNG"),
    ("MOR", "MAR"),
    ("MZM", "MOZ"),
    ("NEP", "NPL"),
    ("NEW", "NZL"),
    ("NIG", "NGA"),
    ("NIR", "NER"),
    ("NTH", "NLD"),
    ("OMA", "OMN"),
    ("PAR", "PRY"),
    ("PHI", "PHL"),
    ("POR", "PRT"),
    ("ROK", "KOR"),
    ("ROM", "ROU"),
    ("SAF", "ZAF"),
    ("SIE", "SLE"),
    ("SIN", "SGP"),
    ("SLO", "SVK"),
    ("SLV", "SVN"),
    ("SPN", "ESP"),
    ("SRI", "LKA"),
    ("SUD", "SDN"),
    ("SWA", "SWZ"),
    ("SWD", "SWE"),
    ("SWZ", "CHE"),
    ("TAJ", "TJK"),
    ("TAW", "TWN"),
    ("TAZ", "TZA"),
    ("THI", "THA"),
    ("TOG", "TGO"),
    ("TRI", "TTO"),
    ("UAE", "ARE"),
    ("UKG", "GBR"),
    ("URU", "URY"),
    ("YUG", "SRB"),
    ("ZAM", "ZMB"),
    ("ZIM", "ZWE"),
];

/// The ISO code of the state that the Correlates of War project abbreviates so, if the two differ.
pub fn iso_of(code: &str) -> Option<&'static str> {
    CORRELATES_OF_WAR.iter().find(|c| c.0 == code).map(|c| c.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_differs_from_its_own() {
        assert!(CORRELATES_OF_WAR.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, each once");
        assert!(CORRELATES_OF_WAR.iter().all(|(cow, iso)| cow != iso && cow.len() == 3 && iso.len() == 3));
        assert_eq!((iso_of("UKG"), iso_of("GFR"), iso_of("GBR")), (Some("GBR"), Some("DEU"), None));
    }
}
