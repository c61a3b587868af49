"""Where a setting comes from, and what the settings are once they are read."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pydantic
import pytest

import controlroom
from controlroom.settings import Settings, SettingsInvalid, load
from controlroom.settings.document import json_schema, markdown
from controlroom.settings.tree import SECTIONS
from controlroom.settings.wording import allowed, field_schemas

ROOT = Path(__file__).parents[2]
DEMO = {"CONTROLROOM_ROOM__DEMONSTRATION": "true"}


def write(tmp_path: Path, text: str) -> Path:
    """Return a settings file in a `config` folder, as an installation has it."""
    file = tmp_path / "config" / "controlroom.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_file_goes_before_defaults_and_a_variable_before_the_file(tmp_path: Path) -> None:
    """Defaults are overruled by the file, and the file by the environment."""
    file = write(tmp_path, "[broker]\nport = 1884\nkeepalive_s = 20\n")

    settings = load(file, DEMO | {"CONTROLROOM_BROKER__PORT": "1885"})

    broker = settings.broker
    assert (broker.host, broker.keepalive_s, broker.port) == ("127.0.0.1", 20, 1885)


def test_a_variable_can_be_of_every_type() -> None:
    """Numbers, truths, words, lists and durations are all read from the text of a variable."""
    settings = load(
        None,
        DEMO
        | {
            "CONTROLROOM_BROKER__SUBSCRIPTIONS": "leedswatch/inner-east/#, leedswatch/outer-east/#",
            "CONTROLROOM_STORE__TIMEOUT_S": "2",
            "CONTROLROOM_SERVICE__LOG_FORMAT": "console",
            "CONTROLROOM_JOURNAL__PENDING_LIMIT": "30000",
        },
    )

    assert settings.broker.subscriptions == ("leedswatch/inner-east/#", "leedswatch/outer-east/#")
    assert settings.store.timeout_s == 2.0
    assert settings.service.log_format == "console"
    assert settings.journal.pending_limit == 30_000
    assert settings.room.demonstration is True


def test_other_programs_variables_are_none_of_our_business() -> None:
    """Foreign variables, and those that Kubernetes sets beside an object of our name, are no problem."""
    foreign = {
        "PATH": "x",
        "CONTROLROOM_CONFIG": "x.toml",
        "CONTROLROOM_SERVICE_HOST": "10.0.0.1",
        "CONTROLROOM_SERVICE_PORT_HTTP": "80",
        "CONTROLROOM_PORT": "tcp://10.0.0.1:80",
        "CONTROLROOM_PORT_80_TCP_ADDR": "10.0.0.1",
    }

    assert load(None, DEMO | foreign) == load(None, DEMO)


def test_relative_paths_start_above_the_folder_of_the_file(tmp_path: Path) -> None:
    """Paths of the file, of a variable and of a default all start beside `config`; absolute ones stay."""
    file = write(tmp_path, '[rules]\ndirectory = "rules"\n[journal]\narchive_dir = "/srv/archive"\n')

    settings = load(file, DEMO | {"CONTROLROOM_ESTATE__DIRECTORY": "estate"})

    assert settings.rules.directory == tmp_path / "rules"
    assert settings.estate.directory == tmp_path / "estate"
    assert settings.service.data_dir == tmp_path / "var"
    assert settings.archive_dir == Path("/srv/archive")


def test_relative_paths_do_not_depend_on_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file named relative to the current folder leads to the same paths as the same file named in full."""
    file = write(tmp_path, "")
    monkeypatch.chdir(tmp_path / "config")

    assert load(Path("controlroom.toml"), DEMO) == load(file, DEMO)


def test_what_follows_from_another_setting_follows_it(tmp_path: Path) -> None:
    """The client id is the instance's name, and other folders stand in the data folder, unless set."""
    plain = load(write(tmp_path, ""), DEMO)
    chosen = load(write(tmp_path, '[broker]\nclient_id = "x"\n[journal]\narchive_dir = "s"\n'), DEMO)

    assert (plain.client_id, chosen.client_id) == ("leedswatch-1", "x")
    assert (plain.archive_dir, chosen.archive_dir) == (tmp_path / "var" / "archive", tmp_path / "s")


def test_secrets_are_read_from_their_files_and_never_printed(tmp_path: Path) -> None:
    """A password is its file's line, the key its file's bytes, and neither is ever shown."""
    (tmp_path / "password").write_text("made-up-word\n", encoding="utf-8")
    (tmp_path / "key").write_bytes(b"0123456789abcdef" * 2)
    file = write(
        tmp_path, '[broker]\nusername = "u"\npassword_file = "password"\n[journal]\nkey_file = "key"\n'
    )

    settings = load(file, {})

    secrets = settings.secrets
    assert secrets.broker_password is not None
    assert secrets.journal_key is not None
    assert secrets.store_password is None
    assert secrets.broker_password.get_secret_value() == "made-up-word"
    assert secrets.journal_key.get_secret_value() == b"0123456789abcdef" * 2
    for shown in (repr(settings), str(settings), str(settings.model_dump()), repr(secrets)):
        assert "made-up-word" not in shown
        assert "0123456789abcdef" not in shown


def test_the_tree_cannot_be_changed() -> None:
    """Settings are read once; nobody can set one later."""
    settings = load(None, DEMO)

    with pytest.raises(pydantic.ValidationError, match="frozen"):
        settings.broker.port = 1  # type: ignore[misc] # that it is frozen is what is tested


def test_a_file_that_is_not_there_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """A missing file is one clear line, and nothing is said about what it might have held."""
    with pytest.raises(SettingsInvalid) as caught:
        load(tmp_path / "nowhere.toml", {})

    assert [str(p).removeprefix(str(tmp_path)) for p in caught.value.problems] == [
        "/nowhere.toml: cannot be read (No such file or directory); name a settings file"
    ]


def test_line_ends_of_windows_move_no_line(tmp_path: Path) -> None:
    """A file saved with CRLF reports the same line as one saved with LF."""
    file = write(tmp_path, "")
    file.write_bytes(b"[room]\r\ndemonstration = true\r\n\r\n[broker]\r\nport = 0\r\n")

    with pytest.raises(SettingsInvalid) as caught:
        load(file, {})

    assert [p.where for p in caught.value.problems] == [f"{file}:5"]


@pytest.mark.parametrize("name", ["controlroom.toml", "demo.toml"])
def test_the_files_that_we_ship_are_good(name: str, tmp_path: Path) -> None:
    """Each file in `config` is accepted by the reader and by the schema that editors use."""
    text = (ROOT / "config" / name).read_text(encoding="utf-8")
    key = tmp_path / "var" / "secrets" / "journal.key"
    key.parent.mkdir(parents=True)
    key.write_bytes(bytes(32))

    load(write(tmp_path, text), {})
    jsonschema.validate(tomllib.loads(text), json.loads(json_schema()))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_setting_says_what_it_is_and_what_it_allows(name: str) -> None:
    """Each key has a docstring of a sentence or more, and words for what it allows."""
    for key, schema in field_schemas(SECTIONS[name]).items():
        assert schema["description"].rstrip().endswith((".", ")")), key
        assert allowed(schema), key


def test_every_section_is_a_table_of_the_file() -> None:
    """Everything in the tree but the secrets can be written in the file."""
    assert set(Settings.model_fields) - set(SECTIONS) == {"secrets"}


@pytest.mark.parametrize(
    ("path", "made", "command"),
    [
        ("docs/settings.md", markdown, "doc"),
        ("config/controlroom.schema.json", json_schema, "schema"),
    ],
)
def test_what_is_made_from_the_tree_is_up_to_date(path: str, made: object, command: str) -> None:
    """The page and the schema in the repository are those of the tree."""
    assert callable(made)
    committed = (ROOT / path).read_text(encoding="utf-8")
    assert committed == made(), f"run: controlroom config {command} --out {path}"


def test_every_setting_has_an_effect() -> None:
    """Each key is read somewhere: one that changed nothing would be a promise that nobody keeps."""
    package = Path(controlroom.__file__).parent
    readers = [file for file in package.rglob("*.py") if "settings" not in file.parts]
    text = "\n".join(file.read_text("utf-8") for file in readers)

    idle = [
        f"{name}.{key}"
        for name, section in SECTIONS.items()
        for key in section.model_fields
        if not re.search(rf"\.{key}\b", text)
    ]
    assert idle == []
