"""Requests that Schemathesis generates from the API's OpenAPI document.

Schemathesis' pytest plugin generates them during collection, in each process. That takes as long as sending them, so
this module generates them when the test runs. Import it inside the test, because Schemathesis is large.
"""

from typing import Any

import schemathesis
from django.core.cache import cache
from hypothesis import Phase
from hypothesis import settings as profile
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.schemas import BaseSchema

from petgroove.wsgi import application

CONFIG = SchemathesisConfig.from_dict(
    {
        # A request that matches the document can still hold an invalid photo, an unknown id or too few credits.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "302", "401", "402", "404", "422", "503"]}
        },
    }
)
GENERATED = [HypothesisTestMode.EXAMPLES, HypothesisTestMode.FUZZING]
# One request for each bound of each field.
BOUNDARY_VALUES = [HypothesisTestMode.COVERAGE]


def load(document: dict[str, Any]) -> BaseSchema:
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document, config=CONFIG)
    schema.app = application
    return schema


@profile(phases=[Phase.explicit, Phase.generate])
def send(case: Any, headers: dict[str, str]) -> None:
    cache.clear()
    case.call_and_validate(headers=headers)


def send_all(schema: BaseSchema, label: str, headers: dict[str, str], modes: list[HypothesisTestMode]) -> None:
    """Send all requests of an operation, such as ``GET /api/videos``, and validate each response."""
    method, path = label.split(" ")
    config = HypothesisTestConfig(project=schema.config, modes=modes)
    create_test(operation=schema[path][method], test_func=send, config=config)(headers=headers)
