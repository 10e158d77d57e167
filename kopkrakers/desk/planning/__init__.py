"""The calendar of the coming days, as redacteuren change it."""
