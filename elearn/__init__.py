"""elearn: courses written in Markdown, studied on a phone, kept as records HR can prove.

The package reads bottom to top; a folder imports only what stands below it:

    cli            commands (serve, demo, check, publish, rebuild, verify, ...)
    demo           the invented agency, made through the same use cases as real life
    app            the factory: the only module that knows every slice
    site           home, health, errors: what belongs to no single capability
    health         how the installation is, its failed jobs, the nightly check
    administration settings with their history, the environment, settings as a file
    announcements  texts for everybody, a branch or a role
    agency         the agency as it changes: units, moves, supervisors, roles lent
    privacy        the notice, a copy of one's data, who looked at it, putting it right
    certification  HR's office of certificates: lists, register of numbers, settings
    siasn          what BKN's SIASN is told: its columns, what it refuses, what it was sent
    outside        learning elsewhere: submitted by people, checked and brought in by HR
    dashboard      a branch in one screen: over time, beside last year, who is reached
    standards      what is asked: the framework of competencies, levels by position
    programme      assignments for HR: given, followed, reminded of
    roster         people, units and positions brought in from HR's own files
    planning       gaps of people and units, the shortest honest way over them
    reports        read-only views for HR, instructors and auditors
    proofs         verification of everything, published roots, proofs of completions
    exchange       questions in and out of other programs, quizzes on paper
    authoring      how a course changes: editions and their effect, reviews, roles, mended keys
    arranging      the files of a draft: order, names, deleting
    editing        the web editor of course files
    learning       enrolment, lessons, quizzes, completion
    badges         certificates as Open Badges 3.0, the public keys, what is revoked
    assignments    which courses are asked of whom by when, as rules
    content        Markdown folders become immutable versions
    competency     evidence, hours (JP), certificates, requirements
    journal        what has happened: chained, append-only
    factors        the second factor of a sign-in, and whose role needs one
    sign_on        signing in with the agency's account: OpenID Connect, matched by NIP
    people         who there is and what they may do
    tables         files of rows as people have them: XLSX, CSV
    markup         Markdown in, safe HTML out
    settings       what the agency decides, dated, with its history; setting_fields to type it
    jobs files schema             work, blobs, the state of the database
    marks failures slow_statements   what was done, what failed, what took long
    exact          rows as they stand in the file
    database extensions errors clock
    canonical frozen              one text for each value; copies of frozen ones
"""
