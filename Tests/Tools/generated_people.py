"""Makes referrals of different people with the generator beside the repository, each with a family name that no other has.

  generated_people.py GENERATOR OUT COUNT FORMAT…

Writes OUT/NUMBER-FORMAT.json (or .xml), and on standard output a JSON line for each: name of the file, the words that only
this person's referral may hold.
"""
import importlib.util
import json
import os
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("gen", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def letters(number):
    return "".join(chr(ord("a") + int(digit)) for digit in "%05d" % number)


def main():
    path, out, count, formats = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    gen = load(path)
    for index in range(1, count + 1):
        for place, form in enumerate(formats):
            number = index * len(formats) + place
            gen.FAMILY = ["Zq" + letters(number) + "shaw"]
            data, canonical = gen.document(form, number, 2026)
            name = "%06d-%s%s" % (number, form, gen.suffix(form))
            with open(os.path.join(out, name), "wb") as file:
                file.write(data)
            person = canonical["patient"]
            words = [person["family"], person["nhsNumber"], canonical["referral"]["reference"], canonical["message"]["id"]]
            print(json.dumps({"name": name, "words": words}))


if __name__ == "__main__":
    main()
