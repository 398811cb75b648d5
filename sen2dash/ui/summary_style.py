"""How the manager's page looks, on screen and on one sheet of paper, and its print button."""

from __future__ import annotations

STYLE = """
<style>
.sen2-sheet { color: #0b0c0c; font-size: 0.8125rem; line-height: 1.3; }
.sen2-sheet p { margin: 0; font-size: inherit; }
.sen2-figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 6px;
  margin-top: 5px; }
.sen2-figure { border: 1px solid #b1b4b6; border-radius: 4px; padding: 4px 9px; min-width: 0; }
.sen2-figure h2 { font-size: 0.9375rem !important; font-weight: 700; line-height: 1.25; margin: 0; padding: 0; }
.sen2-sheet table { width: 100%; border-collapse: collapse; font-size: 0.8125rem; line-height: 1.25; }
.sen2-figure table { margin: 1px 0 3px; }
.sen2-sheet th, .sen2-sheet td { padding: 1px 0 1px 6px; border-bottom: 1px solid #d8dadb; text-align: right;
  font-weight: 400; vertical-align: bottom; font-variant-numeric: tabular-nums; }
.sen2-figure th[scope=row], .sen2-figure thead td { text-align: left; padding-left: 0; white-space: nowrap; }
.sen2-figure thead th { color: #505a5f; font-size: 0.75rem; }
.sen2-own td { font-size: 1.125rem; font-weight: 700; line-height: 1.2; }
.sen2-own td.sen2-words, .sen2-own td.sen2-words ~ td { font-size: 0.8125rem; }
.sen2-sheet small, .sen2-sheet p.sen2-small { font-size: 0.75rem; line-height: 1.2; color: #505a5f; }
.sen2-figure p.sen2-small { display: flow-root; }
.sen2-small img { float: left; margin-right: 6px; max-width: none; }
.sen2-figure p.sen2-sentence { margin-top: 4px; }
.sen2-groups th, .sen2-groups td { text-align: left; vertical-align: top; padding: 3px 10px 3px 0; }
.sen2-groups thead th, .sen2-groups tbody th { font-weight: 700; }
.sen2-foot p { margin-top: 3px; }
.sen2-print { font: inherit; font-size: 0.875rem; min-height: 2.5rem; padding: 0.25rem 0.75rem;
  border: 1px solid #505a5f; border-radius: 0.5rem; background: #fff; color: #0b0c0c; cursor: pointer;
  white-space: nowrap; }
.sen2-print:hover { border-color: #12436D; color: #12436D; }
@media (max-width: 640px) {
  .sen2-groups thead { display: none; }
  .sen2-groups tr, .sen2-groups th, .sen2-groups td { display: block; }
}
@media print {
  @page { size: A4 landscape; margin: 7mm; }
  html { font-size: 13px !important; }
  .stMain h1 { font-size: 15pt !important; padding: 0 !important; }
  .stMain h2 { padding: 0 !important; }
  .stMain [data-testid="stVerticalBlock"] { gap: 4px !important; }
  .sen2-figures { grid-template-columns: repeat(4, 1fr); gap: 5px; }
  .sen2-figure { break-inside: avoid; padding: 3px 6px; }
  [class*="st-key-summary_actions"], [class*="st-key-summary_by"], [class*="st-key-summary_more"], .sen2-print,
  .stTooltipIcon, .stAlert { display: none !important; }
}
</style>
"""
#: Opens the browser's own dialog, which can also save a PDF.
PRINT = """<button type="button" class="sen2-print">Print or save as PDF</button>
<script>
if (!window.sen2Prints) {
  window.sen2Prints = true;
  window.addEventListener('click', (event) => { if (event.target.closest?.('.sen2-print')) window.print(); });
}
</script>"""
