"""The settings of the oTree project."""

SESSION_CONFIGS = [{"name": "keuze", "app_sequence": ["keuze"], "num_demo_participants": 1}]
SESSION_CONFIG_DEFAULTS = {
    "real_world_currency_per_point": 1.0,
    "participation_fee": 0.0,
    "doc": "",
}
LANGUAGE_CODE = "nl"
REAL_WORLD_CURRENCY_CODE = "EUR"
USE_POINTS = False
ADMIN_USERNAME = "admin"
ADMIN_PASSWORD = "s" * 20
SECRET_KEY = "s" * 40
