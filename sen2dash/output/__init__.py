"""Write rows to files and text: CSV, Excel, JSON, the command line."""
