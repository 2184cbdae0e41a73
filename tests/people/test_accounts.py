"""Getting in: password, one-time code, sign-ins and their ends."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import accounts, actors, audit, notices, passwords, staffing
from elearn.people.models import AuditEntry, Person, SignIn
from elearn.people.passwords import OneTimeCode
from elearn.people.permissions import Role
from tests.people_cast import PASSWORD, Cast, actor_of, token_of

NEW = "sampan kecil hilir"


def get_in(nip: str, secret: str) -> str:
    verified = accounts.authenticate(nip, secret)
    with transaction():
        return accounts.accept(verified, device="Chrome", remember=False)


def is_alive(token: str) -> bool:
    return actors.load(token, clock.now_ms()) is not None


def a_code(text: str = "ABCDE23456") -> OneTimeCode:
    return OneTimeCode(text, passwords.hash_of(text))


def issue(cast: Cast, actor: str, person: str) -> str:
    code = a_code()
    with transaction():
        accounts.issue_code(actor_of(getattr(cast, actor)), getattr(cast, person).id, code)
    return code.text


def test_the_nip_may_be_typed_in_groups(cast: Cast) -> None:
    assert is_alive(get_in("19940412 201903 2 901", PASSWORD))


def test_a_password_that_looks_the_same_is_the_same(cast: Cast) -> None:
    with transaction():
        accounts.set_password_hash(
            cast.ani, passwords.hash_of("caf\u00e9 di hulu"), must_change=False
        )
    assert is_alive(get_in(cast.ani.nip, "cafe\u0301 di hulu"))


def test_an_unknown_nip_a_wrong_password_and_a_closed_account_answer_alike(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        accounts.deactivate(None, cast.budi.id)
    hashed: list[str] = []
    matches = passwords.matches

    def counted(known: str, secret: str) -> bool:
        hashed.append(known)
        return matches(known, secret)

    monkeypatch.setattr(passwords, "matches", counted)
    answers = []
    for nip, secret in [
        ("199001152015031991", PASSWORD),
        (cast.ani.nip, "salah sama sekali"),
        (cast.budi.nip, PASSWORD),
    ]:
        with pytest.raises(Invalid) as refused:
            accounts.authenticate(nip, secret)
        answers.append((refused.value.reason, refused.value.field))
    assert answers == [("sign_in_refused", "password")] * 3
    assert len(hashed) == 3


def test_the_database_keeps_no_token(cast: Cast) -> None:
    token = token_of(cast.ani)
    stamps = db.session.scalars(select(SignIn.stamp)).all()
    assert token not in stamps
    assert actors.stamp_of(token) in stamps


@pytest.mark.parametrize(("remember", "hours"), [(True, 720), (False, 12)])
def test_a_sign_in_runs_out(cast: Cast, remember: bool, hours: int) -> None:
    now_ms = clock.now_ms()
    with clock.set_to(now_ms), transaction():
        token = accounts.sign_in(cast.ani, device="", remember=remember)
    end_ms = now_ms + hours * 3_600_000
    assert actors.load(token, end_ms - 1)
    assert actors.load(token, end_ms) is None


def test_sign_ins_that_ran_out_are_removed_at_the_next_one(cast: Cast) -> None:
    with clock.set_to(clock.now_ms() - accounts.REMEMBERED_MS), transaction():
        accounts.sign_in(cast.ani, remember=True)
    token_of(cast.ani)
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_signing_out_ends_every_copy_of_the_cookie(cast: Cast) -> None:
    token, other = token_of(cast.ani), token_of(cast.ani)
    with transaction():
        accounts.sign_out(actors.stamp_of(token))
    assert not is_alive(token)
    assert is_alive(other)


def test_one_ends_only_ones_own_devices(cast: Cast) -> None:
    token = token_of(cast.ani)
    with pytest.raises(NotFound), transaction():
        accounts.sign_out_device(cast.budi.id, actors.stamp_of(token))
    assert is_alive(token)
    with transaction():
        accounts.sign_out_device(cast.ani.id, actors.stamp_of(token))
    assert not is_alive(token)


def test_devices_are_listed_newest_first(cast: Cast) -> None:
    now_ms = clock.now_ms()
    for name, age in (("lama", 1000), ("baru", 0)):
        with clock.set_to(now_ms - age), transaction():
            accounts.sign_in(cast.ani, device=name)
    assert [device.name for device in accounts.devices(cast.ani.id)] == ["baru", "lama"]


def test_a_new_password_ends_the_other_sign_ins(cast: Cast) -> None:
    here, elsewhere = token_of(cast.ani), token_of(cast.ani)
    change = accounts.prepare_password(cast.ani.id, PASSWORD, NEW)
    with transaction():
        accounts.change_password(change, keep_stamp=actors.stamp_of(here))
    assert is_alive(here)
    assert not is_alive(elsewhere)
    assert is_alive(get_in(cast.ani.nip, NEW))
    with pytest.raises(Invalid):
        accounts.authenticate(cast.ani.nip, PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "reason", "field"),
    [
        ("salah sama sekali", NEW, "old_password_wrong", "old"),
        (PASSWORD, PASSWORD, "password_same", "new"),
        (PASSWORD, "pendek", "password_too_short", "new"),
        (PASSWORD, "indonesia2026", "password_common", "new"),
        (PASSWORD, "19940412 201903 2 901", "password_is_nip", "new"),
    ],
)
def test_a_password_is_refused_with_its_reason(
    cast: Cast, old: str, new: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.prepare_password(cast.ani.id, old, new)
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert accounts.authenticate(cast.ani.nip, PASSWORD).person_id == cast.ani.id


def test_a_password_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    first = accounts.prepare_password(cast.ani.id, PASSWORD, NEW)
    second = accounts.prepare_password(cast.ani.id, PASSWORD, NEW + "!")
    with transaction():
        accounts.change_password(first)
    with pytest.raises(Conflict), transaction():
        accounts.change_password(second)


def test_a_code_works_once_and_asks_for_a_password(cast: Cast) -> None:
    text = issue(cast, "citra", "ani")
    actor = actors.load(get_in(cast.ani.nip, f"{text[:5].lower()}-{text[5:]}"), clock.now_ms())
    assert actor
    assert actor.must_change_password
    with pytest.raises(Invalid):
        accounts.authenticate(cast.ani.nip, text)


def test_a_code_used_twice_at_the_same_moment_opens_one_sign_in(cast: Cast) -> None:
    text = issue(cast, "citra", "ani")
    both = [accounts.authenticate(cast.ani.nip, text) for _ in range(2)]
    with transaction():
        accounts.accept(both[0], device="", remember=False)
    with pytest.raises(Invalid), transaction():
        accounts.accept(both[1], device="", remember=False)


def test_a_code_stops_working_after_a_day(cast: Cast) -> None:
    text = issue(cast, "citra", "ani")
    with clock.set_to(clock.now_ms() + accounts.CODE_LIFE_MS), pytest.raises(Invalid):
        accounts.authenticate(cast.ani.nip, text)


def test_a_code_ends_the_sign_ins_and_the_old_password(cast: Cast) -> None:
    token = token_of(cast.ani)
    issue(cast, "citra", "ani")
    assert not is_alive(token)
    with pytest.raises(Invalid):
        accounts.authenticate(cast.ani.nip, PASSWORD)


def test_a_code_is_told_to_the_person_and_to_the_audit_log_but_never_its_text(cast: Cast) -> None:
    text = issue(cast, "citra", "ani")
    [message] = notices.inbox(cast.ani.id).messages
    assert message.kind == "code_issued"
    entry = audit.find(audit.Wanted(action="code:issued")).entries[0]
    assert (entry.actor, entry.subject) == ("Citra Lestari", "Ani Pratiwi, A.Md.Kep.")
    assert text not in str(message.values) + str(entry.values)


@pytest.mark.parametrize(
    ("actor", "person"),
    [
        ("citra", "ani"),
        ("syamsul", "ani"),
        ("syamsul", "budi"),
        ("syamsul", "citra"),
        ("syamsul", "stranger"),
        ("dewi", "syamsul"),
        ("dewi", "fadli"),
    ],
)
def test_a_code_is_issued_within_the_branch_to_those_who_may_do_no_more(
    cast: Cast, actor: str, person: str
) -> None:
    text = issue(cast, actor, person)
    assert is_alive(get_in(getattr(cast, person).nip, text))


@pytest.mark.parametrize(
    ("actor", "person", "error"),
    [
        ("citra", "stranger", NotFound),
        ("citra", "dewi", NotFound),
        ("stranger", "ani", NotFound),
        ("ani", "citra", NotFound),
        ("budi", "ani", NotFound),
        ("fadli", "ani", NotAllowed),
        ("citra", "citra", NotAllowed),
        ("dewi", "dewi", NotAllowed),
        ("syamsul", "dewi", NotAllowed),
        ("syamsul", "fadli", NotAllowed),
    ],
)
def test_nobody_enters_by_a_code_where_they_may_not(
    cast: Cast, actor: str, person: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        issue(cast, actor, person)
    assert accounts.authenticate(getattr(cast, person).nip, PASSWORD).by_code is False


@pytest.mark.parametrize("role", [Role.ADMIN, Role.HR_AGENCY, Role.AUDITOR])
def test_hr_of_a_unit_never_resets_somebody_with_more_rights(cast: Cast, role: Role) -> None:
    with transaction():
        staffing.grant(None, cast.ani.id, role)
    with pytest.raises(NotAllowed):
        issue(cast, "citra", "ani")


def test_hr_of_a_unit_never_resets_hr_of_a_wider_branch(cast: Cast) -> None:
    with transaction():
        staffing.grant(None, cast.ani.id, Role.HR_UNIT, cast.government.id)
    with pytest.raises(NotAllowed):
        issue(cast, "citra", "ani")


def test_a_closed_account_gets_no_code(cast: Cast) -> None:
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    with pytest.raises(Conflict):
        issue(cast, "citra", "ani")


def test_deactivation_ends_the_sign_ins_and_reactivation_brings_back_the_password(
    cast: Cast,
) -> None:
    token = token_of(cast.ani)
    with transaction():
        accounts.deactivate(cast.dewi.id, cast.ani.id)
    assert not is_alive(token)
    with pytest.raises(Invalid):
        accounts.authenticate(cast.ani.nip, PASSWORD)
    with transaction():
        accounts.reactivate(cast.dewi.id, cast.ani.id)
    assert not is_alive(token)
    assert is_alive(get_in(cast.ani.nip, PASSWORD))


def test_deactivated_between_the_hash_and_the_sign_in_stays_out(cast: Cast) -> None:
    verified = accounts.authenticate(cast.ani.nip, PASSWORD)
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    with pytest.raises(Invalid), transaction():
        accounts.accept(verified, device="", remember=False)


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    with pytest.raises(Conflict), transaction():
        accounts.deactivate(cast.dewi.id, cast.dewi.id)
    assert db.session.get_one(Person, cast.dewi.id).active


def test_the_console_may_issue_the_first_code(cast: Cast) -> None:
    code = a_code()
    with transaction():
        accounts.reset_to_code(cast.dewi.id, code)
    assert is_alive(get_in(cast.dewi.nip, code.text))
    wanted = select(AuditEntry).where(AuditEntry.action == "code:issued")
    assert db.session.scalars(wanted).one().actor_id is None
