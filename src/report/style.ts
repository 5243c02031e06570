// The style sheet of every report: light and dark, phone to paper. No font, image or script is fetched.

/** Contrast of text is at least 4.5 in both themes (WCAG 2.2, 1.4.3); up is blue, down is orange, and both carry their sign. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--line:#dfe3e8;--text:#171b21;--soft:#5a6470;--accent:#1a5fb4;--second:#a8500b;--third:#4d6b1f;--fourth:#7a2f8a;--good:#14653f;--bad:#9c2f1d;--mixed:#7a5600;--shade:#0003;
--up1:#e9f2fd;--up2:#cfe3fa;--up3:#aecff5;--up4:#89b8ef;--down1:#fdf0e4;--down2:#fadfc6;--down3:#f4c79c;--down4:#eeae72}
@media screen and (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--line:#2b323c;--text:#e6e9ee;--soft:#9ba6b3;--accent:#78b0ff;--second:#f2a65a;--third:#a9cc6c;--fourth:#d7a1e6;--good:#6fd3a0;--bad:#ff9c86;--mixed:#e8c15a;--shade:#000c;
--up1:#14233a;--up2:#183055;--up3:#1d4072;--up4:#225090;--down1:#33241a;--down2:#4a301b;--down3:#643d1b;--down4:#7d4a1a}}
*{box-sizing:border-box}
html{background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:1.5rem 1.25rem 3rem}
h1,h2,h3,p,dl,dd,figure,ul,pre{margin:0}
h1{font-size:1.7rem;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.15rem;line-height:1.3}
h3{font-size:.95rem;line-height:1.4}
small,.note,.legend,.subject{color:var(--soft);font-size:.85rem}
a{color:inherit}
a.term{text-decoration:underline dotted;text-underline-offset:3px;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header{display:grid;gap:.35rem;margin-bottom:1.25rem}
.kind{color:var(--soft);font-size:.8rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
.marks{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:.35rem 0 0}
.marks li{border:1px solid var(--soft);border-radius:999px;padding:.05rem .65rem;font-size:.8rem}
.verdict{background:var(--card);border:1px solid var(--line);border-left:.4rem solid var(--mixed);border-radius:.5rem;padding:1rem 1.25rem;font-size:1.15rem;font-weight:600;line-height:1.4;margin-bottom:1.25rem;overflow-wrap:anywhere}
.verdict.good{border-left-color:var(--good)}.verdict.bad{border-left-color:var(--bad)}
.verdict .shape{margin-right:.5rem}.good .shape{color:var(--good)}.bad .shape{color:var(--bad)}.mixed .shape{color:var(--mixed)}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1.1rem 1.25rem 1.25rem;margin-bottom:1.25rem;display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
.block{display:grid;gap:.5rem;grid-template-columns:minmax(0,1fr)}
section ul{padding-left:1.2rem;display:grid;gap:.25rem}
.figures{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,12.75rem),1fr))}
.figure{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;display:flex;flex-direction:column;gap:.15rem}
.figure dt{font-size:.85rem;color:var(--soft)}
.figure dd{display:grid;gap:.1rem}
.value{font-size:1.3rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.figure small{line-height:1.35}
.facts{display:grid;gap:.4rem}
.facts div{display:grid;grid-template-columns:minmax(8rem,13rem) minmax(0,1fr);gap:.1rem 1rem}
.facts dt{color:var(--soft)}
.facts dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;max-width:100%;background:linear-gradient(to right,var(--card) 40%,transparent) left/2.5rem 100% no-repeat local,linear-gradient(to left,var(--card) 40%,transparent) right/2.5rem 100% no-repeat local,linear-gradient(to right,var(--shade),transparent) left/.8rem 100% no-repeat scroll,linear-gradient(to left,var(--shade),transparent) right/.8rem 100% no-repeat scroll}
.word{white-space:nowrap}.words{min-width:13rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th.right{white-space:normal}
thead th,thead td{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:600;min-width:7rem}
.right{text-align:right}
.number,time{white-space:nowrap}
td small{display:block;white-space:nowrap;font-size:.78rem}
.months th,.months td{padding:.3rem .4rem;min-width:0}
.months .whole{font-weight:600;border-left:2px solid var(--line)}
.up-1{background:var(--up1)}.up-2{background:var(--up2)}.up-3{background:var(--up3)}.up-4{background:var(--up4)}
.down-1{background:var(--down1)}.down-2{background:var(--down2)}.down-3{background:var(--down3)}.down-4{background:var(--down4)}
.bars tbody th{width:1%;white-space:nowrap;font-weight:400}
.bars td.right{width:1%}.bars thead th{white-space:nowrap}
.bars td.bar{min-width:4rem;vertical-align:middle}
svg{display:block;overflow:visible}
.plot{display:grid;grid-template-columns:auto minmax(0,1fr);align-items:center}
.plot.square{max-width:26rem}
.plot .below{grid-column:2}
.plot text{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
.plot path{vector-effect:non-scaling-stroke}
.grid{stroke:var(--line)}.zero{stroke:var(--soft)}
.diagonal{stroke:var(--soft);stroke-dasharray:5 4}
.line{fill:none;stroke-width:1.75;stroke-linejoin:round}
.line-1{stroke:var(--accent)}.line-2{stroke:var(--second);stroke-dasharray:6 3}.line-3{stroke:var(--third);stroke-dasharray:2 3}
.line-4{stroke:var(--fourth)}.mark{stroke-width:6;stroke-linecap:round;stroke-dasharray:none}
.fill{stroke:none;opacity:.22}.fill.line-1{fill:var(--accent)}.fill.line-2{fill:var(--second)}.fill.line-3{fill:var(--third)}
.dot,.above-zero{fill:var(--accent)}.below-zero{fill:var(--second)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}.legend svg{display:inline-block;vertical-align:middle}
details{font-size:.9rem}summary{color:var(--soft);cursor:pointer;width:fit-content}details>*+*{margin-top:.5rem}
.missing p{color:var(--soft)}
pre{background:var(--page);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem;font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;width:max-content;min-width:100%}
footer{display:grid;gap:1rem;font-size:.9rem}
footer section{margin:0}
.disclaimer{color:var(--soft)}
@media (max-width:34rem){body{padding:1rem .75rem 2rem}h1{font-size:1.4rem}section{padding:.9rem .9rem 1rem}.verdict{font-size:1.05rem;padding:.8rem 1rem}.figures{grid-template-columns:repeat(2,minmax(0,1fr))}.figure{padding:.5rem .6rem}.value{font-size:1.1rem}.facts div{grid-template-columns:minmax(0,1fr)}.plot .odd{display:none}th,td{padding:.3rem .4rem}tbody th{min-width:5rem}td small{white-space:normal;min-width:6rem}.plot{margin-right:.25rem}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--line:#ccc;--text:#000;--soft:#444}html{font-size:10.5pt}body{max-width:none;padding:0}section{border:0;padding:0 0 .5rem}section>h2{border-bottom:1px solid var(--line)}.block,.figure,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}details{display:none}pre{white-space:pre-wrap;width:auto}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}table{font-size:8.5pt}th,td{padding:.15rem .35rem}tbody th{min-width:0}td small{white-space:normal}.wide{font-size:6pt}.wide th,.wide td{padding:.1rem .15rem;white-space:normal;overflow-wrap:anywhere}}
`
