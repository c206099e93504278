"""Images: grey pixels, millimetres per pixel, and where the millimetres came from."""
