/// How an exported page looks, and the little it does.
enum PageStyle {
    static let sheet = """
        :root { --ink: #1c2127; --soft: #5c6670; --line: #dfe3e8; --paper: #fff; --tint: #f5f7f9;
          --link: #0b5cad; --good: #00704f; --warning: #8a5a00; --bad: #b3261e;
          --s1: #0072b2; --s2: #d55e00; --s3: #00845f; --s4: #a8508a; --s5: #b37a00; --s6: #2b8fc9; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #dde2e7; --soft: #98a3ae; --line: #333b44; --paper: #14181c; --tint: #1d2328;
            --link: #74b3f0; --good: #4cc49a; --warning: #e0ab4a; --bad: #f2877e;
            --s1: #56b4e9; --s2: #f0883e; --s3: #35c394; --s4: #dd94c0; --s5: #e6b54a; --s6: #9fd3f5; }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
          font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
        h1, h2, h3, h4 { line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
        h1 { font-size: 2rem; margin: 1.5rem 0 1rem; } h2 { font-size: 1.35rem; margin: 3rem 0 .75rem; }
        h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p, ul, ol { margin: .75rem 0; }
        a { color: var(--link); text-underline-offset: .15em; } li { margin: .25rem 0; }
        code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        code { font-size: .875em; } blockquote { margin: 1rem 0; padding-left: 1rem;
          border-left: 3px solid var(--line); color: var(--soft); }
        pre { font-size: .8125rem; line-height: 1.5; margin: .75rem 0; overflow-x: auto; }
        header { border-bottom: 1px solid var(--line); padding-bottom: 1.25rem; }
        header h1 { margin-top: 0; } .kicker { margin: 0 0 .75rem; color: var(--soft); }
        .kicker b { color: var(--ink); font-weight: 600; }
        .facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
        .facts dt { font-size: .75rem; color: var(--soft); line-height: 1.3; }
        .facts dd { margin: 0; font-variant-numeric: tabular-nums; } .facts div { min-width: 3rem; }
        .warning { color: var(--warning); } .bad { color: var(--bad); } .good { color: var(--good); }
        .facts .warning dt, .facts .bad dt { color: inherit; }
        .cell { margin: 1.75rem 0; position: relative; }
        .bar { display: flex; justify-content: space-between; align-items: baseline; font-size: .75rem;
          color: var(--soft); font-variant-numeric: tabular-nums; margin-bottom: .3rem; }
        .mark { border: 1px solid currentColor; border-radius: 1em; padding: 0 .6em; margin-right: .4em; }
        .source { background: var(--tint); border-radius: 6px; padding: .7rem .9rem; margin: 0;
          white-space: pre-wrap; overflow-wrap: anywhere; } .source b { font-weight: 650; }
        .source span { white-space: nowrap; }
        .outputs { margin: .85rem 0 0; padding-left: .9rem; font-size: .9375rem; line-height: 1.55;
          border-left: 2px solid var(--line); }
        .outputs > :first-child { margin-top: 0; } .outputs > :last-child { margin-bottom: 0; }
        .said { white-space: pre-line; margin: .6rem 0; }
        .small { font-size: .8125rem; color: var(--soft); }
        .remark { margin: .75rem 0 0 1rem; } .checks { list-style: none; padding: 0;
          margin: .75rem 0 0 1rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; margin: .85rem 0; }
        table { border-collapse: collapse; font-size: .875rem; line-height: 1.45;
          font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 600; color: var(--soft); vertical-align: bottom; }
        th, td { padding: .32rem 1.25rem .32rem 0; border-bottom: 1px solid var(--line); }
        td { vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
        .n { text-align: right; white-space: nowrap; } .plain th { vertical-align: top; white-space: nowrap; }
        .pairs { margin: .85rem 0; font-variant-numeric: tabular-nums; }
        .pairs div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .15rem 0; }
        .pairs dt { color: var(--soft); } .pairs dd { margin: 0; white-space: pre-line; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem;
          margin: .5rem 0 1.5rem; }
        .card { border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; }
        .card h4 { margin: 0 0 .35rem; font-size: .8125rem; color: var(--soft); letter-spacing: 0; }
        .card p { margin: 0; white-space: pre-line; }
        figure { margin: 1.25rem 0; } figcaption { font-size: .875rem; font-weight: 600; }
        figcaption output { font-weight: 400; color: var(--soft); font-variant-numeric: tabular-nums;
          margin-left: .75em; } figcaption .warning { font-weight: 400; }
        svg { display: block; width: 100%; height: auto; margin-top: .4rem; touch-action: pan-y; }
        svg.narrow { display: none; } svg .tick { fill: var(--soft); } svg .grid { stroke: var(--line);
          stroke-opacity: 1; } svg .rule { stroke: var(--soft); }
        .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); }
        .s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); } .s6 { stroke: var(--s6); }
        .f1 { fill: var(--s1); } .f2 { fill: var(--s2); } .f3 { fill: var(--s3); }
        .f4 { fill: var(--s4); } .f5 { fill: var(--s5); } .f6 { fill: var(--s6); }
        .b1 { fill: var(--s1); } .b2 { fill: var(--s2); } .b3 { fill: var(--s3); }
        .b4 { fill: var(--s4); } .b5 { fill: var(--s5); } .b6 { fill: var(--s6); }
        .slot { white-space: nowrap; display: inline-block; margin-right: .5em; }
        .slot code { color: var(--soft); }
        .provenance { border-top: 1px solid var(--line); margin-top: 4rem; }
        .provenance h2 { margin-top: 1.5rem; } .provenance table { font-size: .8125rem; }
        @media (max-width: 34rem) {
          main { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; }
          .outputs { padding-left: .7rem; } .remark, .checks { margin-left: .7rem; } svg.wide { display: none; }
          svg.narrow { display: block; } .pairs div { grid-template-columns: 8rem 1fr; }
          th, td { padding-right: .9rem; }
        }
        @media print {
          :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #fff; --link: #000;
            --good: #000; --warning: #000; --bad: #000; --s1: #0072b2; --s2: #d55e00; --s3: #00845f;
            --s4: #a8508a; --s5: #b37a00; --s6: #2b8fc9; }
          body { font-size: 10pt; } main { max-width: none; padding: 0; } @page { margin: 18mm; }
          .source { border: 1px solid var(--line); } .scroll { overflow: visible; }
          svg { max-width: 15cm; } svg.wide { display: block; } svg.narrow { display: none; }
          figure, .card, table.plain, .cards, tr { break-inside: avoid; }
          h1, h2, h3, .bar, figcaption { break-after: avoid; } figcaption output { display: none; }
        }
        """

    /// Shows the values under the pointer. Texts go through `textContent`, so that no name of a
    /// series can be more than a text.
    static let script = """
        for (const figure of document.querySelectorAll("figure[data-series]")) {
          const series = JSON.parse(figure.dataset.series);
          const shown = figure.querySelector("output");
          for (const svg of figure.querySelectorAll("svg")) {
            const [left, right, top, bottom, x0, x1, y0, y1] = svg.dataset.frame.split(" ").map(Number);
            const make = (name) => svg.appendChild(document.createElementNS(svg.namespaceURI, name));
            const rule = make("path"), dots = series.map(() => make("circle"));
            rule.setAttribute("class", "rule");
            dots.forEach((dot, i) => {
              dot.setAttribute("class", "f" + (i % 6 + 1));
              dot.setAttribute("r", 3.5);
            });
            const hide = () => {
              rule.removeAttribute("d");
              dots.forEach((dot) => dot.setAttribute("visibility", "hidden"));
              shown.textContent = "";
            };
            const show = (event) => {
              const box = svg.getBoundingClientRect();
              const at = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
              const wanted = x0 + (at - left) / (right - left) * (x1 - x0);
              const near = series.map((line) => line.points.reduce((best, point) => point[1] === null ? best
                : !best || Math.abs(point[0] - wanted) < Math.abs(best[0] - wanted) ? point : best, null));
              const found = near.find((point) => point);
              if (!found) return;
              const x = left + (found[0] - x0) / (x1 - x0) * (right - left);
              rule.setAttribute("d", "M" + x + " " + top + "V" + bottom);
              near.forEach((point, i) => {
                dots[i].setAttribute("visibility", point ? "visible" : "hidden");
                if (!point) return;
                dots[i].setAttribute("cx", left + (point[0] - x0) / (x1 - x0) * (right - left));
                dots[i].setAttribute("cy", bottom - (point[1] - y0) / (y1 - y0) * (bottom - top));
              });
              shown.textContent = found[0] + ": " + near.map((point, i) => !point ? "" :
                (series.length > 1 ? series[i].name + " " : "") + Number(point[1].toPrecision(4))).join(", ");
            };
            hide();
            svg.addEventListener("pointermove", show);
            svg.addEventListener("pointerdown", show);
            svg.addEventListener("pointerleave", hide);
          }
        }
        """
}
