"""What the demo's story leaves out, so that every page of the product has something to show."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta

from sqlalchemy import update

from elearn import clock, jobs
from elearn.certification import intake, packages
from elearn.competency import papers, register, replacing, revoking
from elearn.content import catalogue
from elearn.database import transaction
from elearn.demo import members
from elearn.factors import enrolling, recovery, totp
from elearn.jobs import Job, JobState
from elearn.learning import flips, regrade
from elearn.learning.regrade import Ask
from elearn.people.actors import Actor
from elearn.people.factor_models import Passkey
from elearn.people.models import Person
from elearn.planning import imports
from elearn.planning.sheets import KINDS, Kind
from elearn.privacy import breaches, notice, rectifications
from elearn.privacy.models import About, Step
from elearn.roster import applying, sample
from tests.demo.reading import actor_of, ask, person
from tests.roster.files import a_csv, a_line, bring, run_jobs

LETTER = "800/117/2026"
SECURITY = "keamanan-informasi"
A_PDF = b"%PDF-1.7 kosong %%EOF"


def happen() -> dict[str, list[str]]:
    """All of it, through the product's use cases. Returns pages that some of the cast now know."""
    syamsul, dewi = actor_of(members.SYAMSUL), actor_of(members.DEWI)
    revoked, replaced, notice_id = *_certificates(syamsul), _privacy(dewi)
    _roster(actor_of(members.CITRA))
    regrade_id, mended = _regrade(person(members.BUDI))
    _second_factor(person(members.RUDI))
    run_jobs()
    code = _framework(syamsul)
    _failed_job()
    return {
        "nobody": [f"/verify/{revoked}", f"/verify/{replaced}", f"/privacy/{notice_id}"],
        "syamsul": [
            f"/certificates/{revoked}",
            f"/hr/people/{person(members.RUDI).id}",
            f"/hr/framework/{code}",
            f"/hr/gaps/import/{Kind.FRAMEWORK}",
        ],
        "budi": [f"/teach/{SECURITY}/regrades/{regrade_id}", mended],
    }


def _certificates(actor: Actor) -> tuple[str, str]:
    """One revoked, one replaced."""
    ids = [id_ for (id_,) in ask("SELECT id FROM certificate WHERE number != '' LIMIT 3")]
    with transaction():
        revoking.revoke(actor, ids[0], "Nama unit keliru pada saat terbit.")
        revoking.revoke(actor, ids[1], "Tanggal lulus keliru pada saat terbit.")
    with transaction():
        replacing.replace(actor, ids[1], replacing.Wish("Diterbitkan kembali.", post_as_now=False))
        register.enter(actor.id, LETTER, [f"{LETTER}/{number}" for number in range(3)])
        packages.ask(actor.id, ids, to_sign=False)
        intake.send(actor.id, _a_zip({"bukan-sertifikat.pdf": A_PDF}))
    return ids[0], ids[1]


def _a_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _privacy(admin: Actor) -> int:
    """The id of the newest edition of the notice."""
    now = clock.now().replace(tzinfo=None)
    with transaction():
        edition = notice.write(admin.id, notice.text_now(), clock.today())
        breach = breaches.begin(admin.id, "Laptop berisi daftar peserta hilang", _before(now, 5))
        breaches.note(admin.id, breach.id, Step.CONTAIN, "Sandi diganti.", _before(now, 4))
        words, letter = "Golongan saya berubah sejak Agustus.", papers.read(A_PDF)
        rectifications.ask(person(members.ANI), About.GRADE, {"grade": "III/a"}, words, letter)
        return edition.id


def _before(moment: datetime, hours: int) -> datetime:
    return moment - timedelta(hours=hours)


def _roster(hr: Actor) -> None:
    """A file that has been applied, and one whose rows are to be mended first."""
    good = bring(person(members.CITRA), a_csv([a_line()]), file_name="pegawai.csv")
    with transaction():
        applying.confirm(hr, good.id, closes=False, is_sure=True)
    run_jobs()
    bring(person(members.CITRA), sample.sample(hr))


def _regrade(author: Person) -> tuple[int, str]:
    """A mended key for what was answered under the wrong one; the page that foretold it too."""
    course_id = catalogue.link(SECURITY).id
    pair = flips.mendable(course_id)[0]
    wanted = Ask(course_id, pair.before.digest, pair.after.digest, True, "Kunci semula keliru.")
    foretold = f"/teach/{SECURITY}/keys/{wanted.question}/{wanted.mended}"
    with transaction():
        return regrade.ask(author.id, wanted), foretold


def _second_factor(who: Person) -> None:
    """An app, recovery codes, and a passkey as it is kept."""
    secret, codes = totp.new_secret(), recovery.new_codes()
    passkey = Passkey(
        person_id=who.id,
        credential_id=b"a credential",
        public_key=b"a key",
        sign_count=0,
        last_challenge_ms=0,
        name="Ponsel pribadi",
        created_ms=clock.now_ms(),
    )
    with transaction() as session:
        enrolling.turn_on(enrolling.Enrolment(who.id, secret, 0, codes), "")
        session.add(passkey)


def _framework(hr: Actor) -> str:
    """The code of a competency of the agency's own, by the sheet that is offered as a template."""
    sheet = KINDS[Kind.FRAMEWORK]
    content = "\r\n".join(";".join(map(str, row)) for row in (sheet.columns, sheet.example))
    with transaction():
        imports.apply(hr.id, Kind.FRAMEWORK, sheet.plan(hr, content.encode()))
    return sheet.example[0]


def _failed_job() -> None:
    """A job that was given up."""
    with transaction() as session:
        jobs.enqueue("given_up", "given_up")
        failed = update(Job).where(Job.kind == "given_up")
        values = {"state": JobState.FAILED, "ended_ms": clock.now_ms(), "error": "OSError: penuh"}
        session.execute(failed.values(values))
