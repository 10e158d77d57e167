"""The blueprint of accounts, apart, so that each file of routes can add to it."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
