"""What others' programs read of a dataset, all from `privacy.columns`: catalogues and archives."""
