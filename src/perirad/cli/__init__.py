"""The `perirad` command: one file per verb."""
