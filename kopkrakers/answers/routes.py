"""Routes."""

from flask import Blueprint

blueprint = Blueprint("answers", __name__)
