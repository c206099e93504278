"""Outlines of lesions: one file for each format radiologists use, one record for what they hold."""
