"""What mail programs write above a quoted or a forwarded mail, in the languages they speak. All in lower case."""

import re

# fmt: off
WROTE = (
    "wrote", "schrieb", "a écrit", "escribió", "escreveu", "ha scritto", "schreef", "napisał", "skrev", "kirjoitti",
    "napsal", "yazdı", "написал", "пишет", "写道", "寫道", "のメール", "さんは書きました", "작성", "كتب",
    "έγραψε", "a scris", "írta",
)
FROM = frozenset({
    "from", "von", "de", "da", "van", "od", "från", "fra", "от", "发件人", "寄件者", "差出人", "보낸사람",
    "보낸 사람", "kimden", "mittente", "lähettäjä",
})
SENT = frozenset({
    "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada em", "inviato", "data", "fecha",
    "verzonden", "wysłano", "skickat", "sendt", "отправлено", "дата", "发送时间", "寄件日期", "送信日時",
    "보낸날짜", "날짜", "gönderildi", "lähetetty",
})
ABOUT = frozenset({
    "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "ämne", "emne", "тема", "主题",
    "主旨", "件名", "제목", "konu", "aihe", "to", "an", "à", "para", "a", "aan", "do", "till", "til", "кому",
    "收件人", "宛先", "받는사람", "kime",
})
FORWARDS = (
    "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "doorst:", "vs:", "vb:", "пересл:", "转发:", "転送:",
)
# fmt: on

SEPARATOR = re.compile(
    r"-{2,} ?(original message|original appointment|ursprüngliche nachricht|originalnachricht|message d.origine|"
    r"mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|"
    r"oryginalna wiadomość|ursprungligt meddelande|исходное сообщение|原始邮件|元のメッセージ) ?-{2,}",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^-{2,} ?(forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada|"
    r"messaggio inoltrato|doorgestuurd bericht) ?-{2,}",
    re.IGNORECASE | re.MULTILINE,
)
