@echo off
rem Runs what a push must pass, in a real browser (Edge, Chrome or Chromium). Installs into .venv on the first run.
cd /d "%~dp0"
py -3 tools\bootstrap.py test >nul || exit /b 1
.venv\Scripts\python.exe -m pytest -n 3 --dist worksteal -m "not long"
