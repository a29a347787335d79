import pyarrow as pa
import pytest

from spark_assets.ingest.validation import device_families, device_family

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2"
ANDROID = "Mozilla/5.0 (Linux; Android 8.0; Pixel) AppleWebKit/537.36"


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        (IPHONE, "iPhone"),
        (IPHONE.replace("iPhone", "iPad"), "iPad"),
        (ANDROID, "Android"),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64; rv:31.0)", "Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_4)", "Mac"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:31.0)", "Linux"),
        ("curl/8", "Other"),
        ("", None),
        (None, None),
    ],
)
def test_families(user_agent: str | None, family: str | None) -> None:
    assert device_family(user_agent) == family


def test_a_column_is_mapped_chunk_by_chunk() -> None:
    column = pa.chunked_array([[IPHONE, None, "curl/8"], [], [None], [ANDROID, IPHONE]], type=pa.string())
    assert device_families(column).to_pylist() == ["iPhone", None, "Other", None, "Android", "iPhone"]
    assert len(device_families(pa.chunked_array([], type=pa.string()))) == 0
