"""The words of Microsoft Teams' attendance reports, by language. Add a language here; no code changes.

English and Portuguese names are those of exported files; the others are those that tools which read such
files expect. Sections carry numbers in every language, so a report in a language not listed is read by
position.
"""

from __future__ import annotations

# Columns: language → field → spellings. “(UTC)” after a name is understood without being listed.
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": ("Full Name", "Name", "FullName", "Participant"),
        "action": ("User Action", "Action"),
        "timestamp": ("Timestamp", "UtcEventTimestamp"),
        "join": ("Join Time",),
        "leave": ("Leave Time",),
        "first_join": ("First Join",),
        "last_leave": ("Last Leave",),
        "duration": ("Duration", "In-Meeting Duration", "Meeting Duration", "In Meeting Duration"),
        "email": ("Email",),
        "registration_email": ("Registration Email",),
        "role": ("Role",),
        "upn": ("Participant ID (UPN)",),
        "participant_id": ("ParticipantId",),
        "connection": ("SessionId",),
        "agent": ("UserAgent",),
    },
    "pt": {
        "name": ("Nome", "Nome Completo"),
        "action": ("Atividade", "Ação do usuário"),
        "timestamp": ("Carimbo de data/hora",),
        "join": ("Hora de ingresso", "Hora de entrada"),
        "leave": ("Hora de saída",),
        "first_join": ("Primeiro ingresso", "Primeira entrada"),
        "last_leave": ("Última saída",),
        "duration": ("Duração na reunião", "Duração"),
        "email": ("Email", "E-mail"),
        "role": ("Função",),
        "upn": ("ID do participante (UPN)",),
    },
    "de": {
        "name": ("Name", "Vollständiger Name"),
        "join": ("Beitrittszeit",),
        "leave": ("Verlassenszeit",),
        "first_join": ("Erster Beitritt",),
        "last_leave": ("Letztes Verlassen",),
        "duration": ("Dauer", "Dauer der Besprechung"),
        "email": ("E-Mail",),
        "role": ("Rolle",),
        "upn": ("Teilnehmer-ID (UPN)",),
    },
    "es": {
        "name": ("Nombre", "Nombre completo"),
        "join": ("Hora de unión",),
        "leave": ("Hora de salida",),
        "duration": ("Duración",),
        "email": ("Correo electrónico",),
        "role": ("Rol",),
    },
    "fr": {
        "name": ("Nom", "Nom complet"),
        "join": ("Heure d'arrivée",),
        "leave": ("Heure de départ",),
        "duration": ("Durée",),
        "email": ("E-mail",),
        "role": ("Rôle",),
    },
    "it": {
        "name": ("Nome", "Nome completo"),
        "join": ("Ora di ingresso",),
        "leave": ("Ora di uscita",),
        "duration": ("Durata",),
        "role": ("Ruolo",),
    },
    "nl": {
        "name": ("Naam",),
        "join": ("Tijd van deelname",),
        "leave": ("Tijd van vertrek",),
        "duration": ("Duur",),
        "role": ("Rol",),
    },
    "id": {
        "name": ("Nama", "Nama lengkap"),
        "join": ("Waktu bergabung",),
        "leave": ("Waktu keluar",),
        "first_join": ("Bergabung pertama",),
        "last_leave": ("Keluar terakhir",),
        "duration": ("Durasi", "Durasi dalam rapat"),
        "role": ("Peran",),
    },
}

# Lines of the summary: field → spellings.
SUMMARY: dict[str, tuple[str, ...]] = {
    "topic": (
        "meeting title",
        "título da reunião",
        "besprechungstitel",
        "título de la reunión",
        "judul rapat",
    ),
    "meeting_id": ("meeting id",),
    "start": (
        "meeting start time",
        "start time",
        "hora de início",
        "startzeit",
        "hora de inicio",
        "waktu mulai",
    ),
    "end": ("meeting end time", "end time", "hora de término", "endzeit", "hora de finalización"),
}

JOINED = frozenset(
    {"joined", "join", "ingressou", "entrou", "se unió", "a rejoint", "beigetreten", "bergabung"}
)
LEFT = frozenset({"left", "leave", "saiu", "salió", "a quitté", "verlassen", "keluar"})
WAS_THERE = frozenset(
    {"joined before", "ingressou antes", "ingressou antes de", "entrou antes", "entrou antes de"}
)

ORGANIZERS = frozenset(
    {
        "organizer",
        "organiser",
        "organizador",
        "organizadora",
        "organisator",
        "organisateur",
        "organizzatore",
        "penyelenggara",
    }
)
PRESENTERS = frozenset(
    {
        "presenter",
        "apresentador",
        "presentador",
        "moderador",
        "referent",
        "présentateur",
        "relatore",
        "presentator",
        "penyaji",
    }
)
