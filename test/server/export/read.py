"""Reads exports with pandas, h5py and NumPy, and prints what they say as JSON."""

import json
import math
import sys

import h5py
import numpy as np
import pandas as pd


def plain(value):
    """Lists and numbers that JSON has; None for NaN."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bytes):
        return value.decode()
    return value


def csv(path):
    table = pd.read_csv(path, float_precision="round_trip")
    return {name: plain(table[name].tolist()) for name in table.columns}


def minari(folder):
    with open(f"{folder}/metadata.json") as file:
        metadata = json.load(file)
    for space in ("observation_space", "action_space"):
        metadata[space] = json.loads(metadata[space])["type"]
    episodes = []
    with h5py.File(f"{folder}/main_data.hdf5", "r") as file:
        for i in range(metadata["total_episodes"]):
            group = file[f"episode_{i}"]
            episode = {name: plain(group[name][()]) for name in group if name != "infos"}
            infos = {name: plain(group["infos"][name][()]) for name in group["infos"]}
            attributes = {name: plain(value) for name, value in group.attrs.items()}
            episodes.append({**episode, "infos": infos, "attributes": attributes})
    return {"metadata": metadata, "episodes": episodes}


def imitation(path):
    """As `imitation.data.serialize.load` does it, line by line."""
    data = np.load(path, allow_pickle=True)
    num_trajs = len(data["indices"])
    fields = [
        np.split(data["obs"], data["indices"] + np.arange(num_trajs) + 1),
        np.split(data["acts"], data["indices"]),
        np.split(data["infos"], data["indices"]),
        data["terminal"],
    ]
    if "rews" in data:
        fields = [*fields, np.split(data["rews"], data["indices"])]
    trajectories = []
    for obs, acts, infos, terminal, *rews in zip(*fields):
        assert len(obs) == len(acts) + 1 == len(infos) + 1
        trajectory = {"obs": plain(obs), "acts": plain(acts), "terminal": bool(terminal)}
        trajectory["infos"] = {name: plain(infos[name]) for name in infos.dtype.names}
        trajectories.append({**trajectory, "rews": plain(rews[0]) if rews else None})
    return trajectories


readers = {"csv": csv, "minari": minari, "imitation": imitation}
print(json.dumps([readers[kind](path) for kind, path in zip(sys.argv[1::2], sys.argv[2::2])]))
