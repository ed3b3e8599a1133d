"""What mail programs write above a quoted or a forwarded mail, in the languages they speak. All in lower case."""

import re

# fmt: off
WROTE = (
    "wrote", "schrieb", "a écrit", "escribió", "escreveu", "ha scritto", "schreef", "geschreven", "napisał", "skrev",
    "kirjoitti", "napsal", "napísal", "yazdı", "написал", "написав", "пишет", "пише", "写道", "寫道", "のメール",
    "さんは書きました", "작성", "كتب", "έγραψε", "a scris", "írta", "đã viết", "je napisao", "kirjutas", "menulis",
)
OPENERS = (
    "on", "am", "le", "el", "il", "op", "em", "den", "dne", "dňa", "dnia", "w dniu", "på", "pe", "în", "vào", "dana",
    "a(z)", "pada",
)
FROM = frozenset({
    "from", "von", "de", "da", "van", "od", "från", "fra", "от", "від", "发件人", "寄件者", "差出人", "보낸사람",
    "보낸 사람", "kimden", "gönderen", "mittente", "lähettäjä", "feladó", "de la", "από", "saatja",
})
SENT = frozenset({
    "sent", "gesendet", "envoyé", "envoyé le", "message du", "enviado", "enviado el", "enviada em", "enviado em",
    "inviato", "verzonden", "wysłano", "skickat", "sendt", "отправлено", "надіслано", "发送时间", "送信日時",
    "보낸날짜", "gönderildi", "gönderme tarihi", "lähetetty", "odesláno", "odoslané", "elküldve", "trimis", "poslano",
})
DATE = frozenset({
    "date", "datum", "data", "fecha", "dato", "дата", "寄件日期", "날짜", "tarih", "päivämäärä", "dátum", "dată",
})
SUBJECT = frozenset({
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "ämne", "emne",
    "тема", "主题", "主旨", "件名", "제목", "konu", "aihe", "předmět", "predmet", "tárgy", "subiect", "θέμα", "teema",
})
TO = frozenset({
    "to", "an", "à", "para", "a", "aan", "do", "till", "til", "кому", "收件人", "宛先", "받는사람", "kime", "alıcı",
    "komu", "pre", "címzett", "către", "za", "vastaanottaja", "προς",
})
FORWARDS = (
    "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "res enc:", "doorst:", "vs:", "vb:", "vl:", "pd:", "podaj dalej:",
    "ilt:", "i̇lt:", "továbbítás:", "přeposl:", "пересл:", "转发:", "轉寄:", "転送:", "전달:",
)
_ORIGINAL = (
    "original message", "original appointment", "reply message", "ursprüngliche nachricht", "originalnachricht",
    "antwort nachricht", "message d.origine", "message original", "mensaje original", "mensagem original",
    "messaggio originale", "oorspronkelijk bericht", "wiadomość oryginalna", "oryginalna wiadomość",
    "ursprungligt meddelande", "oprindelig (?:besked|meddelelse)", "opprinnelig melding", "alkuperäinen viesti",
    "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original", "orijinal mesaj", "исходное сообщение",
    "оригінальне повідомлення", "原始邮件", "原始郵件", "元のメッセージ", "원본 메일",
)
_FORWARDED = (
    "forwarded", "weitergeleitet", "transféré", "réexpédié", "reenviad", "reencaminhad", "encaminhad", "inoltrat",
    "doorgestuurd", "vidarebefordra", "videresend", "välitet", "edelleenlähet", "przekazan", "przekazywan", "przesłan",
    "пересл", "переадрес", "перенаправл", "пересила", "přeposl", "přeposí", "preposl", "iletilen", "iletilmiş",
    "továbbított", "redirecționat", "retransmis", "proslijeđ", "edastatud", "转发", "轉寄", "転送", "전달된",
)
# fmt: on

HEADERS = {**dict.fromkeys(TO, "to"), **dict.fromkeys(SUBJECT, "subject")}
HEADERS |= {**dict.fromkeys(DATE, "date"), **dict.fromkeys(SENT, "sent"), **dict.fromkeys(FROM, "from")}

SEPARATOR = re.compile(
    rf"-{{2,}} ?(?:{'|'.join(_ORIGINAL)}|.{{1,100}} (?:{'|'.join(WROTE[:8])})) ?-{{2,}}", re.IGNORECASE
)
FORWARDED = re.compile("|".join(_FORWARDED), re.IGNORECASE)
