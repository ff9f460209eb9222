extension FindingCatalogue {
    /// Findings made while a text becomes a value, and about code tables.
    static let converting: [Entry] = [
        Entry(
            "token-malformed", .error, "an identifier holds white space or a control character",
            why: "two values may have been written into one field",
            help: "send the identifier alone"),
        Entry(
            "code-malformed", .error, "a code holds a line end or a control character",
            why: "two values may have been written into one field",
            help: "send the code alone; words belong into the display"),
        Entry(
            "nhs-number-malformed", .error, "an NHS number is not ten digits",
            why: "a digit is missing, doubled or a letter; spaces and hyphens belong after the third and sixth only",
            help: "compare with the record; nothing in it was repaired"),
        Entry(
            "nhs-number-check-digit", .error, "an NHS number has the wrong check digit",
            why: "a digit was mistyped or two were swapped, so this is the number of nobody or of somebody else",
            help: "compare with the record, or trace the person"),
        Entry(
            "nhs-number-placeholder", .error, "an NHS number is one digit repeated",
            why: "such numbers pass the check but are typed to get past a form",
            help: "leave the number out when it is not known"),
        Entry(
            "date-unreadable", .error, "a date is not written in a form that is known here",
            why: "without `format` only forms that mean the same to everyone are read, never 02/03/2026",
            help: "name the sender's form with `format`, such as dd/MM/yyyy"),
        Entry(
            "date-impossible", .error, "there is no such date or time",
            why: "a day, month or hour is out of range, or day and month changed places",
            help: "compare with the record, and check the order of the parts in `format`"),
        Entry(
            "date-partial", .error, "a date lacks its day or its month",
            why: "a full date is needed here, and the missing part cannot be invented",
            help: "send the full date; where part of one is enough, use `as: partial-date`"),
        Entry(
            "date-year-range", .error, "a year is before 1800 or after 2200",
            why: "it is a typing mistake or stands for `not known`",
            help: "leave the date out when it is not known"),
        Entry(
            "date-ambiguous", .error, "a date means different days by two of the formats named",
            why: "dd/MM and MM/dd cannot be told apart in the first twelve days of a month",
            help: "name one format only"),
        Entry(
            "date-time-has-no-time", .error, "a date stands where a moment is needed",
            why: "the time of day, or its minutes, was not written",
            help: "send the time; or say `date-only: midnight` in the mapping"),
        Entry(
            "date-offset-missing", .error, "a time was written without its offset from UTC",
            why: "the mapping refuses to assume one, or the law of that year is not known here",
            help: "send the offset, such as Z or +01:00"),
        Entry(
            "date-time-skipped", .error, "there was no such hour in the United Kingdom: the clocks went forward",
            why: "the sender's clock may not have changed to summer time",
            help: "ask the sender; if it always means UTC, say `offset: utc` in the mapping"),
        Entry(
            "date-offset-assumed", .warning, "a time has no offset; that of the United Kingdom was assumed",
            why: "most systems mean their local clock and do not say so",
            help: "send the offset, such as Z or +01:00"),
        Entry(
            "date-offset-ambiguous", .warning, "a time falls into the hour that came twice; the first was assumed",
            why: "when the clocks go back, one hour is shown twice and the offset alone tells which",
            help: "send the offset, such as Z or +01:00"),
        Entry(
            "date-midnight-assumed", .warning, "a date stands where a moment is needed; midnight was assumed",
            why: "the mapping says so with `date-only: midnight`",
            help: "send the time as well"),
        Entry(
            "date-day-unclear", .error, "a date is written as a moment, and which day is meant is not clear",
            why: "23:00 UTC on one day is midnight of the next in British Summer Time: the day may be off by one",
            help: "ask the sender for the date alone; the day is never guessed"),
        Entry(
            "date-time-dropped", .warning, "a time of day stands behind a date and was left out",
            why: "a time of 23:00 is often a mark of a date moved by a clock change, and the day may be wrong",
            help: "compare the date with the record; if times are usual here, say `time: drop` in the mapping"),
        Entry(
            "ods-code-malformed", .error, "an organisation code is not three to nine letters and digits",
            why: "a name, a number with its prefix or two codes may stand there",
            help: "send the ODS code alone"),
        Entry(
            "ods-code-case", .warning, "an organisation code was written in lower case; it was put into capitals",
            why: "ODS codes have capitals only",
            help: "send it in capitals"),
        Entry(
            "ods-address-malformed", .error, "an address does not name an organisation",
            why: "only urn:nhs-uk:addressing:ods:CODE and urn:nhs-uk:identity:ods:CODE are read here",
            help: "send the address in that form, or map the code from elsewhere"),
        Entry(
            "gmc-number-malformed", .error, "a GMC number is not seven digits",
            why: "two numbers, a name or a code of another register may stand there",
            help: "send the GMC reference number alone"),
        Entry(
            "gmp-code-malformed", .error, "a general practitioner's code is not a letter and seven digits",
            why: "a GMC number or a code of another kind may stand there",
            help: "send the prescriber's code, such as G1234567"),
        Entry(
            "gmp-code-case", .warning, "a doctor's code was written in lower case; it was put into capitals",
            why: "these codes have capitals only",
            help: "send it in capitals"),
        Entry(
            "postcode-invalid", .error, "a text is not a postcode of the United Kingdom",
            why: "a character is wrong or missing, or the text is another part of the address",
            help: "compare with the record; ZZ99 3VZ says `no fixed abode`"),
        Entry(
            "phone-malformed", .error, "a text is not a telephone number",
            why: "it holds letters or two numbers, or has too few or too many digits",
            help: "send one number; notes about it belong into another field"),
        Entry(
            "email-malformed", .error, "a text is not an e-mail address",
            why: "it lacks its @ or its domain, or holds a space or two addresses",
            help: "send one address alone"),
        Entry(
            "telecom-malformed", .warning, "a contact is not written as its kind demands; it was kept as sent",
            why: "its scheme says telephone or e-mail, and the rest is neither",
            help: "send one number or address in its standard form"),
        Entry(
            "integer-malformed", .error, "a text is not a whole number",
            why: "it holds a unit, a comma or a fraction",
            help: "send digits only"),
        Entry(
            "integer-range", .error, "a number is outside the range allowed",
            why: "it was mistyped or counts in another unit",
            help: "compare with the record"),
        Entry(
            "boolean-malformed", .error, "a text is none of the words for yes or no",
            why: "the sender uses other words than the mapping knows",
            help: "name them with `true` and `false` in the mapping"),
        Entry(
            "uuid-malformed", .error, "a text is not a UUID",
            why: "a UUID is 32 hexadecimal digits in groups of 8-4-4-4-12",
            help: "send it whole; another kind of identifier is mapped `as: token`"),
        Entry(
            "snomed-malformed", .error, "a text is not a SNOMED CT identifier",
            why: "it is not 6 to 18 digits, begins with 0, or belongs to another code system",
            help: "send the concept's identifier, and local codes under their own system"),
        Entry(
            "snomed-check-digit", .error, "a SNOMED CT identifier has the wrong check digit",
            why: "a spreadsheet may have rounded its last digits, or one was mistyped",
            help: "compare with the terminology server"),
        Entry(
            "snomed-not-a-concept", .error, "a SNOMED CT identifier names no concept",
            why: "it is the identifier of a description or a relationship",
            help: "send the concept's identifier"),
        Entry(
            "url-malformed", .error, "a text is not an absolute web address",
            why: "it lacks its scheme or holds a space or other sign that must be escaped",
            help: "send it whole, such as https://example.org/service"),
        Entry(
            "url-scheme", .error, "a web address has a scheme that is not allowed here",
            why: "addresses such as javascript: would run when a person opens them",
            help: "use https, or name the scheme with `schemes` in the mapping"),
        Entry(
            "narrative-malformed", .error, "the markup of a text is broken",
            why: "a tag is not closed or closed in the wrong place, so part of the text could be lost",
            help: "mend the markup, or send plain text"),
        Entry(
            "base64-malformed", .error, "an attachment is not valid base64",
            why: "it was cut off or changed on the way",
            help: "send it again"),
        Entry(
            "table-encoding", .error, "a code table is not UTF-8",
            why: "spreadsheets may save in an encoding of their own, and letters would be lost",
            help: "save it as CSV UTF-8"),
        Entry(
            "table-byte-order-mark", .note, "a code table begins with a byte order mark",
            why: "spreadsheets put it there; it is no part of the first column's name and was passed over",
            help: "nothing needs to be done"),
        Entry(
            "table-empty", .error, "a code table has no header row",
            why: "the file is empty or begins with an empty line",
            help: "begin with the line `from,to,display`"),
        Entry(
            "table-column-missing", .error, "a code table lacks a column it needs",
            why: "every table needs the columns `from` and `to`",
            help: "add the column to the first line"),
        Entry(
            "table-column-unknown", .error, "a code table has a column that is not known",
            why: "a misspelt column would silently do nothing",
            help: "use from, to, key, system, display or note"),
        Entry(
            "table-column-duplicate", .error, "a code table names a column twice",
            why: "it would not be clear which counts",
            help: "remove one of them"),
        Entry(
            "table-quote", .error, "a quotation mark is not used as in RFC 4180",
            why: "a stray mark swallows the following rows",
            help: "put the whole value in quotation marks and double those inside it"),
        Entry(
            "table-row-ragged", .error, "a row of a code table has more or fewer values than the first line",
            why: "a comma inside a value moves everything after it",
            help: "put values with commas in quotation marks"),
        Entry(
            "table-from-empty", .error, "a row of a code table has nothing under `from`",
            why: "no code can match it",
            help: "write the sender's code, or remove the row"),
        Entry(
            "table-from-duplicate", .error, "a code stands twice in a code table",
            why: "the two rows may say different things, and only one can count",
            help: "remove one of them, or tell them apart with the column `key`"),
        Entry(
            "table-space", .warning, "a code in a code table has white space at one of its ends",
            why: "a code as sent has none, so the row would never match",
            help: "remove the white space"),
        Entry(
            "concept-map-malformed", .error, "a file is not a FHIR ConceptMap that can be read",
            why: "only R4 ConceptMaps with group, element and target are read",
            help: "export it again as FHIR R4 JSON"),
        Entry(
            "concept-map-several-targets", .error, "a ConceptMap gives one code several meanings",
            why: "a code table has one row, and so one meaning, for each code of a system",
            help: "decide on one target, and on none that hangs on other codes"),
        Entry(
            "concept-map-unmapped", .warning, "a ConceptMap says what becomes of codes it does not list",
            why: "here each rule decides on that by its policy",
            help: "write the policy into the mapping, such as `unmapped: { use: … }`"),
    ]
}
