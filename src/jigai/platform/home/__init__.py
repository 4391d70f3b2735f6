"""The shell: workbench, search, language, help (工作台)."""
