"""A page in the color that the variable COLOR names, and who serves it."""

import os
import re
import socket

from flask import Flask, render_template

app = Flask(__name__)


def chosen_color() -> str:
    color = os.environ.get("COLOR", "teal")
    return color if re.fullmatch(r"[a-z]+|#[0-9a-f]{6}", color) else "teal"


@app.get("/")
def page() -> str:
    return render_template("page.html", color=chosen_color(), host=socket.gethostname())


@app.get("/color")
def color() -> dict[str, object]:
    return {"color": chosen_color(), "host": socket.gethostname(), "uid": os.getuid()}
