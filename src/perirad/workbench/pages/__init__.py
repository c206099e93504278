"""Pages of the workbench, a file each."""
