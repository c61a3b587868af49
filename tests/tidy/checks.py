"""Every tidy check, in the order in which a reader would want its findings."""

from tests.tidy import budgets, calls, papers, places, words
from tests.tidy.tree import Check

CHECKS: tuple[Check, ...] = (
    budgets.files_fit,
    budgets.functions_fit,
    budgets.arguments_fit,
    words.names_say_what_is_meant,
    words.modules_tell_their_story,
    words.tests_state_a_truth,
    calls.core_does_not_wait,
    calls.tests_do_not_sleep,
    calls.tests_do_not_mock,
    calls.tests_do_not_skip,
    calls.tasks_are_named,
    calls.only_the_clock_reads_the_clock,
    calls.waivers_give_their_reason,
    papers.documents_have_one_title,
    papers.links_resolve,
    papers.records_have_their_form,
    papers.changelog_has_its_form,
    papers.readme_commands_exist,
    places.no_place_is_written_down,
    places.every_file_is_used,
    places.every_module_is_used,
    places.locks_agree,
)
