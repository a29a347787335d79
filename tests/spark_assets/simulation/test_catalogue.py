import json

import numpy as np

from spark_assets.simulation.catalogue import SONGS, load_catalogue


def test_songs_are_valid_json_endings_with_their_whole_seconds() -> None:
    catalogue = load_catalogue()
    songs = [json.loads("{" + text[1:]) for text in catalogue.song_json]

    assert len(songs) == len(catalogue.song_bounds) == SONGS
    assert all(list(song) == ["artist", "song", "length"] for song in songs)
    assert [int(song["length"]) for song in songs] == catalogue.song_seconds.tolist()
    assert 200 < np.median(catalogue.song_seconds) < 260


def test_popularity_falls_with_rank_and_adds_up() -> None:
    bounds = load_catalogue().song_bounds
    shares = np.diff(bounds, prepend=0.0)

    assert bounds[-1] == 1.0
    assert (np.diff(shares[:-1]) < 0).all()
    assert shares[:400].sum() > 0.15


def test_world_holds_letters_beyond_ascii_and_escaped_quotes() -> None:
    catalogue = load_catalogue()

    assert not "".join(catalogue.song_json).isascii()
    assert not "".join(catalogue.last_names).isascii()
    assert any('\\"' in agent for agent in catalogue.agents)


def test_catalogue_is_built_the_same_each_time() -> None:
    assert load_catalogue.__wrapped__().song_json == load_catalogue().song_json
