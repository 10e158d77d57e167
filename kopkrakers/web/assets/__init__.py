"""Stylesheets, scripts, fonts and the theme: read once at the start, sent as small as can be."""
