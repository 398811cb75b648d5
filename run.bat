@echo off
rem Opens the dashboard. Needs Python 3.11 or newer (py launcher). Installs into .venv on the first run.
cd /d "%~dp0"
py -3 tools\bootstrap.py run >nul || exit /b 1
.venv\Scripts\python.exe -m streamlit run app.py
