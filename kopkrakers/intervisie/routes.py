"""Routes."""

from flask import Blueprint

blueprint = Blueprint("intervisie", __name__)
