"""The words of Zoom's reports, by language. Add a language here; no code changes.

English, Spanish and Japanese names are those of exported files and of tools that read them; so are the
Indonesian names of the meeting report. The Indonesian names of the webinar report are the portal's wording
carried over and have not been met in a file: a webinar section whose title is not listed is recognised by its
columns (see ``zoom``).
"""

from __future__ import annotations

# Columns: language → field → spellings. Case, width and blanks do not matter.
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": (
            "Name (Original Name)",
            "User Name (Original Name)",
            "User Name",
            "Name",
            "Participant Name",
        ),
        "first_name": ("First Name",),
        "last_name": ("Last Name",),
        "email": ("User Email", "Email", "E-mail", "Email Address"),
        "join": ("Join Time",),
        "leave": ("Leave Time",),
        "minutes": ("Duration (Minutes)", "Time in Session (minutes)"),
        "total": ("Total Duration (Minutes)",),
        "waiting": ("In Waiting Room", "InWaitingRoom"),
        "attended": ("Attended",),
        "guest": ("Guest", "Is Guest"),
        "registered": ("Registration Time",),
        "approval": ("Approval Status",),
        "country": ("Country/Region Name",),
        "disclaimer": ("Recording Consent", "Recording Disclaimer Response", "RecordingConsent"),
        "topic": ("Topic",),
        "meeting_id": ("Meeting ID", "Webinar ID", "ID"),
        "host_name": ("Host name", "Host"),
        "host_email": ("Host email",),
        "start": ("Start Time", "Actual Start Time"),
        "end": ("End Time",),
        "participants": ("Participants", "Unique Viewers", "# Registered", "# Registrants"),
        "meeting_minutes": ("Actual Duration (minutes)", "Total participant minutes"),
    },
    "id": {
        "name": (
            "Nama (nama asli)",
            "Nama pengguna (nama asli)",
            "Nama pengguna",
            "Nama",
            "Nama (Nama Asli)",
        ),
        "first_name": ("Nama depan",),
        "last_name": ("Nama belakang",),
        "email": ("Email", "Email pengguna", "Alamat email"),
        "join": ("Waktu bergabung", "Waktu gabung"),
        "leave": ("Waktu keluar",),
        "minutes": ("Durasi (menit)", "Waktu dalam sesi (menit)", "Waktu di sesi (menit)"),
        "total": ("Total durasi (menit)", "Durasi total (menit)"),
        "waiting": ("Di ruang tunggu",),
        "attended": ("Hadir", "Menghadiri", "Dihadiri"),
        "guest": ("Tamu", "Adalah tamu"),
        "registered": ("Waktu pendaftaran", "Waktu registrasi"),
        "approval": ("Status persetujuan",),
        "country": ("Nama negara/wilayah", "Nama negara/kawasan"),
        "disclaimer": ("Respons penafian rekaman",),
        "topic": ("Topik",),
        "meeting_id": ("ID rapat", "ID webinar", "ID"),
        "host_name": ("Nama host", "Nama tuan rumah"),
        "host_email": ("Email host", "Email tuan rumah"),
        "start": ("Waktu mulai", "Waktu mulai aktual"),
        "end": ("Waktu berakhir", "Waktu selesai"),
        "participants": ("Peserta", "# Terdaftar", "Penonton unik"),
        "meeting_minutes": ("Total menit peserta", "Durasi aktual (menit)"),
    },
    "es": {
        "name": (
            "Nombre (nombre original)",
            "Nombre de usuario (nombre original)",
            "Nombre de usuario",
        ),
        "first_name": ("Nombre",),
        "last_name": ("Apellido", "Apellidos"),
        "email": ("E-mail del usuario", "Correo electrónico", "Correo electrónico del usuario", "Correo"),
        "join": ("Hora para unirse", "Hora de entrada"),
        "leave": ("Hora para salir", "Hora de salida"),
        "minutes": ("Duración (minutos)", "Tiempo en la sesión (minutos)"),
        "total": ("Duración total (minutos)",),
        "waiting": ("En sala de espera", "En la sala de espera"),
        "attended": ("Asistió",),
        "guest": ("Invitado", "Es invitado"),
        "registered": ("Hora de inscripción", "Hora de registro"),
        "approval": ("Estado de aprobación",),
        "country": ("Nombre de país/región", "Nombre del país/región"),
        "disclaimer": ("Respuesta al descargo de responsabilidad relativa a la grabación",),
        "topic": ("Tema",),
        "meeting_id": ("ID de reunión", "ID del seminario web", "ID"),
        "host_name": ("Nombre del anfitrión", "Anfitrión"),
        "host_email": ("Correo electrónico del anfitrión",),
        "start": ("Hora de inicio", "Hora de inicio real"),
        "end": ("Hora de finalización",),
        "participants": ("Participantes", "N.º inscritos", "Espectadores exclusivos"),
        "meeting_minutes": ("Duración real (minutos)", "Minutos totales de los participantes"),
    },
    "ja": {
        "name": ("名前 (元の名前)", "名前（元の名前）", "ユーザー名 (元の名前)", "ユーザー名"),
        "first_name": ("名",),
        "last_name": ("姓",),
        "email": ("ユーザーメール", "メールアドレス", "メール"),
        "join": ("参加時刻", "参加時間"),
        "leave": ("退出時刻", "退出時間"),
        "minutes": ("所要時間（分）", "期間（分）", "セッション時間（分）"),
        "total": ("合計所要時間（分）", "合計時間（分）"),
        "waiting": ("待機室内", "待合室"),
        "guest": ("ゲスト",),
        "topic": ("トピック",),
        "meeting_id": ("ミーティングID", "ミーティング ID", "ウェビナーID", "ウェビナー ID"),
        "start": ("開始時刻", "開始時間"),
        "end": ("終了時刻", "終了時間"),
        "participants": ("参加者",),
    },
}

# Titles of the webinar report's sections: role → beginnings of the folded title.
SECTIONS: dict[str, tuple[str, ...]] = {
    "host": (
        "host details",
        "detail host",
        "detail tuan rumah",
        "rincian host",
        "detalles del anfitrión",
        "detalles de anfitrión",
        "detalles de los anfitriones",
        "detalles del host",
    ),
    "panelist": (
        "panelist details",
        "detail panelis",
        "rincian panelis",
        "detalles de panelistas",
        "detalles del panelista",
        "detalles de los panelistas",
        "detalles de panelista",
    ),
    "attendee": (
        "attendee details",
        "detail peserta",
        "rincian peserta",
        "detalles de asistentes",
        "detalles del asistente",
        "detalles de los asistentes",
        "detalles de asistente",
    ),
    "other": (
        "other attended",
        "others attended",
        "peserta lain",
        "peserta lainnya",
        "lainnya yang hadir",
        "otros asistentes",
        "otros asistieron",
        "otras asistencias",
    ),
}

# What the app prints in parentheses after the name of whoever runs a meeting: role → words.
MARKS: dict[str, tuple[str, ...]] = {
    "host": (
        "host",
        "co-host",
        "cohost",
        "tuan rumah",
        "rekan host",
        "host bersama",
        "anfitrión",
        "coanfitrión",
        "ホスト",
        "共同ホスト",
    ),
    "panelist": ("panelist", "panelis", "panelista", "パネリスト"),
}

# Names that only the English report has; accounts in other languages print the day first.
ENGLISH = frozenset(
    {"name (original name)", "user name (original name)", "total duration (minutes)", "join time"}
)

# First lines of the webinar report; a hint, not needed.
REPORT_TITLES = ("attendee report", "laporan peserta", "informe de asistentes")

# Other reports of the portal that people pick by mistake: beginning of a line → error code.
OTHER_REPORTS: dict[str, str] = {
    "registration report": "is_registration_report",
    "registrant details": "is_registration_report",
    "laporan pendaftaran": "is_registration_report",
    "informe de inscripción": "is_registration_report",
    "poll report": "is_poll_report",
    "poll details": "is_poll_report",
    "polling report": "is_poll_report",
    "q&a report": "is_poll_report",
    "question details": "is_poll_report",
    "survey report": "is_poll_report",
}

YES = frozenset({"yes", "y", "true", "1", "ya", "iya", "sí", "si", "はい"})
