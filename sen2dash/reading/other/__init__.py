"""Returns that are not XML: COLLECT's CSV export, the DfE's Excel template and the workbook with a sheet per module."""
