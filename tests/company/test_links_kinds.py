"""Ties as surveys and systems write them: directions, kinds, dates, words of frequency, name lists, matrices, graphs."""

from __future__ import annotations

import pytest

from sim.company.importing.company import understood
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping
from tests.company.made import STAFF, imported, loud, said, ties

PAIRS = [("102", "103"), ("103", "104"), ("107", "108"), ("108", "109")]


def read(tmp_path, text, name="l.csv", **options):
    return imported(tmp_path, {"p.csv": STAFF, name: text}, **options)


def edges(head, *rows):
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)])


@pytest.mark.parametrize(
    "head",
    [
        "Sender,Recipient,Count",
        "from,to,emails",
        "Absender,Empfänger,Anzahl",
        "From,To,Messages",
        "Expéditeur,Destinataire,Nombre",
    ],
)
def test_whoever_receives_a_message_listens_to_whoever_sent_it(tmp_path, head):
    company = read(tmp_path, edges(head, *[(i, 101, 20) for i in range(102, 113)]))
    assert set(ties(company)) == {("101", str(i)) for i in range(102, 113)}
    assert company.network.reach is None  # nobody hears the founder
    assert not loud(company)
    turned = read(
        tmp_path, edges(head, *[(i, 101, 20) for i in range(102, 113)]), mapping=Mapping(direction="source-listens")
    )
    assert set(ties(turned)) == {(str(i), "101") for i in range(102, 113)}
    assert turned.network.reach == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "head", ["Source,Target", "ego,alter", "Respondent,Nominee", "Listener,Speaker", "Von,Nach", "Seeker,Advisor"]
)
def test_whoever_names_somebody_listens(tmp_path, head):
    assert set(ties(read(tmp_path, edges(head, *PAIRS)))) == set(PAIRS)


def test_undirected_ties_go_both_ways_and_a_pair_given_twice_is_one(tmp_path):
    text = edges(
        "Source,Target,Type,Weight",
        ("102", "103", "Undirected", 3),
        ("103", "102", "Undirected", 3),
        ("107", "108", "undirected", 1),
    )
    assert ties(read(tmp_path, text)) == {("102", "103"): 3, ("103", "102"): 3, ("107", "108"): 1, ("108", "107"): 1}
    minutes = edges("from,to,mins", *[(a, b, 17) for a, b in PAIRS])
    one_way = read(tmp_path, minutes)
    assert any("--undirected" in line for line in loud(one_way))
    assert understood(one_way)[3].loud
    both = read(tmp_path, minutes, mapping=Mapping(direction="both"))
    assert ties(both) == {pair: 17 for a, b in PAIRS for pair in ((a, b), (b, a))}
    assert not loud(both)


@pytest.mark.parametrize(
    "head", ["Minutes", "mins", "Duration (min)", "Meetings", "Emails", "Hours", "Dauer", "Times", "Tie strength"]
)
def test_columns_of_strength_are_known(tmp_path, head):
    company = read(tmp_path, edges(f"Source,Target,{head}", ("102", "103", 7), ("103", "102", 7)))
    assert set(ties(company).values()) == {7}


@pytest.mark.parametrize("head", ["edge", "Tie", "present", "Link", "Connected"])
def test_all_pairs_with_a_mark_are_not_all_tied(tmp_path, head):
    ids = range(101, 113)
    text = edges(f"ego,alter,{head}", *[(a, b, int((a + b) % 5 == 0)) for a in ids for b in ids])
    company = read(tmp_path, text)
    assert set(ties(company)) == {(str(a), str(b)) for a in ids for b in ids if (a + b) % 5 == 0 and a != b}
    assert not loud(company)


def test_all_pairs_and_a_mark_that_nobody_knows_are_loud(tmp_path):
    ids = range(101, 113)
    text = edges("ego,alter,zzz", *[(a, b, int((a + b) % 5 == 0)) for a in ids for b in ids if a != b])
    company = read(tmp_path, text)
    assert any("are between all pairs of the 12 people" in line for line in loud(company))
    assert any("'zzz' holds only yes and no" in line for line in loud(company))
    mapping = Mapping()
    mapping.map("links.weight=zzz")
    assert len(read(tmp_path, text, mapping=mapping).links) < 40


def test_of_several_relations_one_must_be_named(tmp_path):
    text = edges(
        "Source,Target,Type,Weight",
        (102, 103, "Advice", 1),
        (102, 103, "Conflict", 5),
        (103, 107, "Conflict", 5),
        (107, 108, "Friendship", 1),
    )
    with pytest.raises(
        CompanyError, match=r'3 relations.*Conflict \(2\), Advice \(1\), Friendship \(1\).*--relation "Advice"'
    ):
        read(tmp_path, text)
    assert ties(read(tmp_path, text, mapping=Mapping(relations=("advice",)))) == {("102", "103"): 1}
    assert len(ties(read(tmp_path, text, mapping=Mapping(relations=("Advice", "Friendship"))))) == 2
    with pytest.raises(CompanyError, match="is not a relation of this file; did you mean 'Advice'"):
        read(tmp_path, text, mapping=Mapping(relations=("Advise",)))
    with pytest.raises(CompanyError, match="has no column of relations"):
        read(tmp_path, edges("Source,Target", *PAIRS), mapping=Mapping(relations=("Advice",)))
    alone = read(tmp_path, edges("Source,Target,Relation", (102, 103, "Conflict"), (103, 102, "Conflict")))
    assert any("hardly listening" in line for line in loud(alone))


def test_ties_of_several_dates_are_told_and_can_be_chosen(tmp_path):
    head = "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,Strong_tie_score"
    text = edges(head, *[(102, 103, f"01/{d:02}/2023", d) for d in (1, 8, 15)], (107, 108, "01/15/2023", 2))
    company = read(tmp_path, text)
    assert ties(company)["102", "103"] == 1 + 8 + 15
    assert any("ties of 3 dates (2023-01-01 to 2023-01-15) are added up" in line for line in loud(company))
    assert ties(read(tmp_path, text, mapping=Mapping(date="latest")))["102", "103"] == 15
    assert ties(read(tmp_path, text, mapping=Mapping(date="2023-01-08"))) == {("102", "103"): 8, ("103", "102"): 8}
    assert not loud(read(tmp_path, text, mapping=Mapping(date="all")))
    with pytest.raises(CompanyError, match="none of the dates"):
        read(tmp_path, text, mapping=Mapping(date="2020-01-08"))


@pytest.mark.parametrize(
    ("daily", "weekly", "never", "some"),
    [
        ("Daily", "Weekly", "Never", "2-3 times a month"), ("täglich", "wöchentlich", "nie", "mehrmals im Monat"),
        ("tous les jours", "chaque semaine", "jamais", "parfois"), ("a diario", "cada semana", "nunca", "varias veces al mes"),
    ],
)  # fmt: skip
def test_words_of_frequency_are_times_a_month(tmp_path, daily, weekly, never, some):
    daily = daily.replace("a diario", "diariamente")
    text = edges("Source,Target,Frequency", (102, 103, daily), (103, 107, weekly), (107, 108, never), (108, 109, some))
    company = read(tmp_path, text)
    assert ties(company) == {("102", "103"): 20, ("103", "107"): 4, ("108", "109"): 2.5}
    assert "are taken as times a month" in said(company)


def test_words_that_say_nothing_are_left_out_and_loud_when_many(tmp_path):
    company = read(
        tmp_path, edges("Source,Target,Frequency", (102, 103, "gloop"), (103, 104, "blip"), (104, 103, "daily"))
    )
    assert ties(company) == {("104", "103"): 20}
    assert any("1 of 3 could be read" in line for line in loud(company))


@pytest.mark.parametrize(
    "text",
    [
        "Respondent,Contact 1,Contact 2,Contact 3\n102,103,107,\n103,102,104,105\n107,108,109,110\n",
        "Name,Colleague 1,Colleague 2,Colleague 3\nBen Oak,Cy Pine,Gus Tide,\nCy Pine,Ben Oak,Di Quill,Ed Rush\nGus Tide,Hal Urn,Ivy Vale,Jo Wren\n",
        'Respondent,Contacts\n102,103;107\n103,"102; 104; 105"\n107,108;109;110\n',
        "ID,Nennung1,Nennung2,Nennung3\n102.0,103.0,107.0,\n103,102,104,105\n107,108,109,110\n",
    ],
)
def test_lists_of_names_are_ties(tmp_path, text):
    company = read(tmp_path, text)
    assert set(ties(company)) == {
        ("102", "103"), ("102", "107"), ("103", "102"), ("103", "104"), ("103", "105"), ("107", "108"), ("107", "109"), ("107", "110"),
    }  # fmt: skip
    assert "a list of names" in said(company)


def test_a_matrix_may_name_people_in_any_form(tmp_path):
    names = ["Oak, Ben", "Pine, Cy", "Tide, Gus"]
    head = "," + ",".join(f'"{n}"' for n in names)
    text = "\n".join([head, '"Oak, Ben",0,2,0', '"Pine, Cy",1,0,0', '"Tide, Gus",3,,0'])
    assert ties(read(tmp_path, text)) == {("102", "103"): 2, ("103", "102"): 1, ("107", "102"): 3}


@pytest.mark.parametrize(
    "forms",
    [
        ("102.0", "103.0"),
        ("00102", "00103"),
        ("Ben Oak", "Pine, Cy"),
        (" 102 ", "103 "),
        ("102@x.example", "103@x.example"),
    ],
)
def test_people_are_found_in_the_usual_disguises(tmp_path, forms):
    one, other = forms
    company = read(tmp_path, f'Source,Target\n"{one}","{other}"\n"{other}","{one}"\n')
    assert set(ties(company)) == {("102", "103"), ("103", "102")}


def test_ties_between_strangers_are_refused_with_the_reason(tmp_path):
    with pytest.raises(CompanyError, match=r"holds no link between two people.*of 2 given.*are its ids the same"):
        read(tmp_path, "Source,Target\nA9,B9\nC9,D9\n")
    company = read(
        tmp_path, edges("Source,Target", ("102", "103"), ("103", "102"), *[("102", f"x{i}") for i in range(9)])
    )
    assert any("2 of 11 could be read" in line for line in loud(company))
    assert said(company).count("is nobody in the people file") == 1


def test_a_log_of_mails_is_counted_and_may_name_several_recipients(tmp_path):
    rows = [
        ("102@x.example", "103@x.example; 104@x.example", f"2026-{1 + i // 28:02}-{1 + i % 28:02}", "hi")
        for i in range(70)
    ]
    company = read(tmp_path, edges("From,To,Date,Subject", *rows))
    assert ties(company) == {("103", "102"): 70, ("104", "102"): 70}
    assert "each row is an event: those of 70 dates" in said(company)
    assert not loud(company)


def test_edges_with_spaces_are_read(tmp_path):
    text = "102 103 2\n103   102 1\n107 108 4\n"
    assert ties(read(tmp_path, text, "edges.txt")) == {("102", "103"): 2, ("103", "102"): 1, ("107", "108"): 4}


GEXF = """<?xml version="1.0" encoding="UTF-8"?><gexf xmlns="http://gexf.net/{v}" version="{v}"><graph defaultedgetype="directed" mode="static">
<nodes><node id="n0" label="102"/><node id="n1" label="103"/><node id="n2" label="107"/></nodes>
<edges><edge id="0" source="n0" target="n1" weight="2.0"/><edge id="1" source="n1" target="n2"/></edges></graph></gexf>"""


@pytest.mark.parametrize("version", ["1.2draft", "1.3"])
def test_graphs_of_gephi_are_known_by_labels(tmp_path, version):
    text = GEXF.replace("{v}", version).replace("gexf.net/1.2draft", "www.gexf.net/1.2draft")
    assert ties(read(tmp_path, text, "g.gexf")) == {("102", "103"): 2, ("103", "107"): 1}
    turned = read(tmp_path, text, "g.gexf", mapping=Mapping(direction="target-listens"))
    assert ties(turned) == {("103", "102"): 2, ("107", "103"): 1}
