"""A small bot to measure against: aiogram polls, rapidfuzz finds the nearest phrasing, nothing is stored.

    python3 -m venv VENV && VENV/bin/pip install aiogram rapidfuzz
    PEER_PYTHON=VENV/bin/python cargo run --release --example load -- peer

It takes a file of JSON Lines with "id", "questions" and "answer", as `tanya-pemilu export --json` writes it.
"""

import asyncio
import json
import os
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from rapidfuzz import fuzz, process, utils

# Below this similarity, in percent, it says that it does not know.
KNOWN = 60

phrasings, answers = [], []
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        entry = json.loads(line)
        if entry.get("id") is None:
            continue
        for phrasing in entry["questions"]:
            phrasings.append(utils.default_process(phrasing))
            answers.append(entry.get("answer") or entry["id"])

dispatcher = Dispatcher()


@dispatcher.message()
async def reply(message: Message) -> None:
    found = process.extractOne(
        message.text or "", phrasings, scorer=fuzz.token_set_ratio, processor=utils.default_process, score_cutoff=KNOWN
    )
    await message.answer(answers[found[2]] if found else "Saya belum tahu.", parse_mode=None)


async def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot, handle_signals=False)


asyncio.run(main())
