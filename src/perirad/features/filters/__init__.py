"""Convolutional filters of images and volumes, as IBSI chapter 2 defines them (doi:10.1148/radiol.231319)."""
