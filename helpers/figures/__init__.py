"""Figures in one line each: charts of numbers, points in a plane, and the course's diagrams."""

from helpers.figures.charts import (
    attention_map,
    bars,
    curves,
    dials,
    gaze,
    heatmap,
    heatmap_grid,
    swatches,
)
from helpers.figures.diagrams import diagram
from helpers.figures.scatter import convex_hull, scatter_panels

__all__ = [
    "attention_map",
    "bars",
    "convex_hull",
    "curves",
    "diagram",
    "dials",
    "gaze",
    "heatmap",
    "heatmap_grid",
    "scatter_panels",
    "swatches",
]
