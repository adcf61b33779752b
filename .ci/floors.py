#!/usr/bin/env python3
"""Compares what was measured with its floors.

    floors.py FLOORS.json GROUP FILE|NAME=VALUE...

FILE is what a scorer printed or wrote for GROUP (cases, notes, sentences.none, sentences.all, sentences.nl, loss, wrapped, summaries, pages); other groups give
their figures as NAME=VALUE. Prints each figure of the group with its floor (`min`) or ceiling (`max`). Exit code 1 where
one is not met or was not measured. A figure may move freely on the right side; moving a floor is an edit of FLOORS.json.
"""
import json, re, sys


def cases(text):
    scores = json.loads(text)
    found = {f"mean.{name}": value for name, value in scores["mean"].items()}
    found |= {f"{case}.{name}": value for case, row in scores["cases"].items() for name, value in row.items()}
    kept = [row["kept"] for row in scores["cases"].values() if "kept" in row]
    return found | ({"lowest.kept": min(kept)} if kept else {})


def sentences(text):
    total = [row for row in map(json.loads, text.splitlines()) if row["set"] == "ALL"][0]
    return {"f1": total["f1"] / total["gold"]}


def loss(text):
    lost, worst, doubled, tiled = re.search(r"lost ([\d.]+)%, worst (\d+), doubled (\d+)/\d+, tiled (\d+)/", text).groups()
    return {"lost": float(lost) / 100, "worst": int(worst), "doubled": int(doubled), "tiled": int(tiled)}


def summaries(text):
    return {"f1": float(re.search(r"sentF1 ([\d.]+)", text).group(1))}


def notes(text):
    return json.loads(text)["mean"]


def pages(text):
    f1, recall = re.search(r"F1 ([\d.]+) P [\d.]+ R ([\d.]+)", text).groups()
    return {"f1": float(f1), "r": float(recall)}


READERS = {"cases": cases, "notes": notes, "sentences": sentences, "loss": loss, "wrapped": loss, "summaries": summaries, "pages": pages}


def measured(group, given):
    read = READERS.get(group.split(".")[0])
    if read:
        with open(given[0], encoding="utf-8") as file:
            return read(file.read())
    return {name: float(value) for name, value in (item.split("=", 1) for item in given)}


def main():
    path, group, *given = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        floors = {name[len(group) + 1:]: bound for name, bound in json.load(file).items() if name.startswith(group + ".")}
    found, missed = measured(group, given), 0
    for name, bound in floors.items():
        value = found.get(name)
        kept = value is not None and bound.get("min", value) <= value <= bound.get("max", value)
        missed += not kept
        sign, limit = (">=", bound["min"]) if "min" in bound else ("<=", bound["max"])
        shown = "not measured" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
        print(f"{'ok  ' if kept else 'MISS'} {group}.{name:20} {shown:>12}  {sign} {limit}")
    sys.exit(1 if missed or not floors else 0)


main()
