"""What makes every page look and behave alike: the logo, styles and a script that asks before a return is lost."""

from __future__ import annotations

#: Drawn here, because a named icon would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32"><rect width="32" height="32" '
    'rx="5" fill="#12436D"/><path d="M8 17l6 6 11-14" fill="none" stroke="#fff" stroke-width="4"/></svg>'
)
WORDMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 32" width="150" height="32"><title>sen2dash</title>'
    '<rect width="32" height="32" rx="5" fill="#12436D"/><path d="M8 17l6 6 11-14" fill="none" stroke="#fff" '
    'stroke-width="4"/><text x="42" y="23" font-family="Arial, Helvetica, sans-serif" font-weight="700" '
    'font-size="20" fill="#0b0c0c">sen2dash</text></svg>'
)
STYLE = """
<style>
:focus-visible, div:has(> input:focus-visible) {
  outline: 3px solid #0b0c0c !important; outline-offset: 1px; box-shadow: 0 0 0 3px #ffdd00 !important;
}
div > input:focus-visible { outline: none !important; box-shadow: none !important; }
/* What a click opened is to be in sight on a laptop: no empty edges. */
.stMainBlockContainer { padding: 4.25rem 2rem 3rem !important; }
/* Large enough to hit: 24 pixels. */
.stTooltipIcon button { min-width: 24px; min-height: 24px; margin: -4px; }
[data-testid="stMultiSelect"] input { min-width: 24px; }
.stCheckbox label, [data-testid="stRadioOption"] { min-height: 24px; }
/* Buttons side by side go on in the next line of a narrow window. */
.stButtonGroup [role="radiogroup"] { flex-wrap: wrap; max-width: 100%; }
.stButtonGroup button { height: auto; min-height: 2rem; }
/* Streamlit's colours of code are too pale to read. */
.stCode .token { color: #0b0c0c !important; }
.stCode .token.keyword { color: #12436D !important; font-weight: 700; }
.stCode .token.comment { color: #505a5f !important; }
[data-testid="stElementToolbarButton"]:has([aria-label^="Copy Vega-Lite"]) { display: none; }
.sen2-picture { font: inherit; font-size: 0.875rem; min-height: 2rem; padding: 0 0.75rem; border: 1px solid #505a5f;
  border-radius: 0.5rem; background: #fff; color: #0b0c0c; cursor: pointer; white-space: nowrap; }
.sen2-picture:hover { border-color: #12436D; color: #12436D; }
[data-testid="stTable"] td * { overflow-wrap: break-word !important; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
  .stButton, .stDownloadButton, .stFileUploader, .stForm, .st-key-filters_chips, .sen2-picture {
    display: none !important; }
  .stMainBlockContainer { padding: 0 !important; max-width: none !important; }
}
</style>
"""
#: Asks before a reload or a closed tab, which erase the return; does nothing if no return is loaded.
WARN = "<script>window.onbeforeunload = {handler};</script>"
#: Width of the sidebar, which holds the filters, in pixels.
SIDE_WIDTH = 250
