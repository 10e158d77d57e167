"""Research: releases of counted choices, as tables, a dataset and an API. Nothing here sees a single answer."""
