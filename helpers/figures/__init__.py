"""Figures in one line each: charts of numbers, points in a plane, and the course's diagrams."""

from helpers.figures.charts import attention_map, bars, curves, gaze, heatmap, swatches
from helpers.figures.diagrams import diagram
from helpers.figures.position_plots import bands, dials, maps
from helpers.figures.scatter import grids, hull, planes

__all__ = [
    "attention_map",
    "bands",
    "bars",
    "curves",
    "diagram",
    "dials",
    "gaze",
    "grids",
    "heatmap",
    "hull",
    "maps",
    "planes",
    "swatches",
]
