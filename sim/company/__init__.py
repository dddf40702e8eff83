"""A real company in, what-ifs and calibration on it, and what a report says of it.

Imports run downhill: `tables`, `notes`, `columns` and `privacy` know nobody; `people`, `links`, `goals` and `survey` read one
kind of export each; `client` puts them together and writes a folder; everything that simulates reads that folder.
"""
