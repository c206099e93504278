"""The workbench: outline, see the rings, run, read and score in a browser page of one's own machine."""
