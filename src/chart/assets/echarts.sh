#!/usr/bin/env bash
# Builds echarts.min.js: of Apache ECharts what the charts use, and nothing else. A chart that needs another part adds it
# here and runs this; Node.js is only needed for that.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund echarts@6.1.0 esbuild@0.28
cat > parts.js <<'JS'
export * from "echarts/core";
import { use } from "echarts/core";
import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GraphicComponent, GridComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
// the order is that in which parts are drawn over each other
use([LineChart, ScatterChart, CustomChart, TitleComponent, TooltipComponent, GridComponent, GraphicComponent, LabelLayout, SVGRenderer]);
JS
banner="/* Apache ECharts 6.1.0, the parts that Twain uses. Copyright The Apache Software Foundation, Apache License 2.0, see ECHARTS-LICENSE. */"
npx esbuild parts.js --bundle --minify --format=iife --global-name=echarts --target=es2020 --legal-comments=none \
  --banner:js="$banner" --outfile="$here/echarts.min.js"
