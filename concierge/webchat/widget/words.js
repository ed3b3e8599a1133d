// What the widget says, by language; a page may write over any of it with data-greeting and data-title.
const WORDS = {
  en: {
    title: "Chat with us", greeting: "Hi! How can we help?", open: "Open the chat", close: "Close the chat",
    unread: "unread messages", log: "Messages", write: "Write a message…", send: "Send", attach: "Attach a file",
    sending: "Sending…", sent: "Sent", failed: "Not sent.", again: "Try again", you: "You",
    typing: "is writing…", we: "We are writing…",
    offline: "You are offline. What you write is sent when you are back.", lost: "Connecting…",
    refused: "The chat is not available here.", large: "The file is too large.", today: "Today",
  },
  de: {
    title: "Schreiben Sie uns", greeting: "Hallo! Wie können wir helfen?", open: "Chat öffnen", close: "Chat schließen",
    unread: "ungelesene Nachrichten", log: "Nachrichten", write: "Nachricht schreiben…", send: "Senden",
    attach: "Datei anhängen", sending: "Wird gesendet…", sent: "Gesendet", failed: "Nicht gesendet.",
    again: "Noch einmal", typing: "schreibt…", we: "Wir schreiben…", you: "Sie",
    offline: "Sie sind offline. Ihre Nachricht wird gesendet, sobald Sie wieder verbunden sind.", lost: "Verbinde…",
    refused: "Der Chat ist hier nicht verfügbar.", large: "Die Datei ist zu groß.", today: "Heute",
  },
  es: {
    title: "Escríbenos", greeting: "¡Hola! ¿En qué podemos ayudar?", open: "Abrir el chat", close: "Cerrar el chat",
    unread: "mensajes sin leer", log: "Mensajes", write: "Escribe un mensaje…", send: "Enviar",
    attach: "Adjuntar un archivo", sending: "Enviando…", sent: "Enviado", failed: "No se ha enviado.",
    again: "Reintentar", typing: "está escribiendo…", we: "Estamos escribiendo…", you: "Tú",
    offline: "Sin conexión. Lo que escribas se enviará cuando vuelvas.", lost: "Conectando…",
    refused: "El chat no está disponible aquí.", large: "El archivo es demasiado grande.", today: "Hoy",
  },
  fr: {
    title: "Écrivez-nous", greeting: "Bonjour ! Comment pouvons-nous aider ?", open: "Ouvrir le chat",
    close: "Fermer le chat", unread: "messages non lus", log: "Messages", write: "Écrire un message…", send: "Envoyer",
    attach: "Joindre un fichier", sending: "Envoi…", sent: "Envoyé", failed: "Non envoyé.", again: "Réessayer",
    typing: "écrit…", we: "Nous écrivons…", you: "Vous",
    offline: "Hors ligne. Votre message partira à votre retour.", lost: "Connexion…",
    refused: "Le chat n’est pas disponible ici.", large: "Le fichier est trop volumineux.", today: "Aujourd’hui",
  },
  pt: {
    title: "Fale connosco", greeting: "Olá! Como podemos ajudar?", open: "Abrir o chat", close: "Fechar o chat",
    unread: "mensagens por ler", log: "Mensagens", write: "Escreva uma mensagem…", send: "Enviar",
    attach: "Anexar um ficheiro", sending: "A enviar…", sent: "Enviado", failed: "Não enviado.",
    again: "Tentar de novo", typing: "está a escrever…", we: "Estamos a escrever…", you: "Você",
    offline: "Sem ligação. O que escrever será enviado quando voltar.", lost: "A ligar…",
    refused: "O chat não está disponível aqui.", large: "O ficheiro é demasiado grande.", today: "Hoje",
  },
  ar: {
    title: "تحدث معنا", greeting: "مرحبًا! كيف يمكننا المساعدة؟", open: "افتح المحادثة", close: "أغلق المحادثة",
    unread: "رسائل غير مقروءة", log: "الرسائل", write: "اكتب رسالة…", send: "إرسال", attach: "إرفاق ملف",
    sending: "جارٍ الإرسال…", sent: "أُرسلت", failed: "لم تُرسل.", again: "حاول مرة أخرى", typing: "يكتب…",
    we: "نكتب لك…", you: "أنت",
    offline: "أنت غير متصل. ستُرسل رسالتك عند عودتك.", lost: "جارٍ الاتصال…",
    refused: "المحادثة غير متاحة هنا.", large: "الملف كبير جدًا.", today: "اليوم",
  },
};
const RIGHT_TO_LEFT = ["ar", "he", "fa", "ur"];

function speak(asked) {
  const language = (asked || document.documentElement.lang || navigator.language || "en").toLowerCase();
  const short = language.split("-")[0];
  const words = { ...WORDS.en, ...WORDS[short] };
  return { words, language, direction: RIGHT_TO_LEFT.includes(short) ? "rtl" : "ltr" };
}
