extension FindingCatalogue {
    /// Findings about mapping files, and those made while a document is mapped.
    static let mapping: [Entry] = [
        // The file
        Entry(
            "yaml-empty", .error, "the file holds nothing", why: "a mapping was expected here",
            help: "begin with `mapping: some-name`; `linkway scan --scaffold` writes a first one"),
        Entry(
            "yaml-malformed", .error, "the file cannot be read as YAML",
            why: "indentation, quotes or brackets do not fit together",
            help: "put paths in double quotes, and indent with spaces"),
        Entry(
            "yaml-duplicate-key", .error, "a key stands twice in one group",
            why: "one of the two would be lost without a word", help: "keep one of the two"),
        Entry(
            "yaml-feature-refused", .error, "this part of YAML is not used in mappings",
            why:
                "anchors, aliases, tags and merge keys make a file mean something that is not written where it is read",
            help: "write the value out where it is used"),
        Entry(
            "mapping-form", .error, "a part of the mapping file has not the form it must have",
            why: "the vocabulary of a mapping file is closed", help: "docs/mapping-language.md shows every part"),
        Entry(
            "mapping-key-unknown", .error, "a word of the mapping file is not known",
            why: "an unknown word would do nothing, silently", help: "look for a spelling mistake"),
        Entry(
            "mapping-name-twice", .error, "two mappings have the same name",
            why: "a message could not say which of them read it", help: "rename one of the two"),
        Entry(
            "extends-unknown", .error, "the mapping extends one that is not there",
            why: "without its base a mapping lacks most of its rules", help: "check the name after `extends:`"),
        Entry(
            "extends-circle", .error, "mappings extend one another in a circle",
            why: "there is no first one to begin with",
            help: "let one of them stand alone"),
        Entry(
            "target-unknown", .error, "the target is not known", why: "there is one canonical referral",
            help: "write `target: referral/1`"),
        Entry(
            "format-not-known", .error, "the format is not known",
            why: "each format has its own reader and path language",
            help: "use xml, json, fhir or hl7v2"),
        Entry(
            "ignore-without-reason", .error, "an ignored path has no reason",
            why: "whoever reads the mapping later must know why this part of a person's record is left out",
            help: "add `because: \"…\"`"),
        // Rules
        Entry(
            "field-unknown", .error, "there is no such canonical field", why: "the fields are those of `referral/1`",
            help: "`linkway schema --fields` lists them"),
        Entry(
            "field-required", .error, "a required field has no rule",
            why: "a referral without it would be refused every time", help: "add a rule for it"),
        Entry(
            "rule-form", .error, "a rule has not the form it must have", why: "a rule says where one value comes from",
            help: "write `{ from: \"PATH\" }` or `{ value: TEXT }`"),
        Entry(
            "rule-key-unknown", .error, "a word of a rule is not known",
            why: "an unknown word would do nothing, silently",
            help: "look for a spelling mistake"),
        Entry(
            "rule-without-source", .error, "a rule does not say where its value comes from",
            why: "in a mapping that extends another, the path is what the overlay must give",
            help: "add `from: \"PATH\"` or `value: TEXT`"),
        Entry(
            "list-expected", .error, "one value stands where a list is due",
            why: "the canonical field may hold several values", help: "write `[ { … } ]`, or add `each: PATH`"),
        Entry(
            "list-not-expected", .error, "a list stands where one value is due",
            why: "the canonical field holds one value", help: "write one rule"),
        Entry(
            "converter-unknown", .error, "there is no such converter", why: "converters are a closed list",
            help: "docs/converters.md lists them"),
        Entry(
            "converter-mismatch", .error, "the converter does not make what the field holds",
            why: "a value of another kind would fail for every receiver", help: "use the converter of the field's type"),
        Entry(
            "argument-invalid", .error, "an argument of a converter is not valid",
            why: "the converter could not do its work with it", help: "docs/converters.md shows each argument"),
        Entry(
            "constant-invalid", .error, "a constant is not a value of its field",
            why: "constants are checked like values from a document", help: "write one of the values the field may hold"
        ),
        Entry(
            "policy-unknown", .error, "there is no such policy", why: "policies are a few plain words",
            help: "use reject, quarantine, warn, omit or { use: TEXT }"),
        Entry(
            "policy-unsafe", .error, "a policy would decide what a person must decide",
            why: "a doubtful identity, risk, safeguarding concern or consent must never pass without being looked at",
            help: "use quarantine or reject, or leave the policy out"),
        Entry(
            "path-invalid", .error, "a path cannot be read",
            why: "paths are a declared part of XPath, JSONPath and FHIRPath",
            help: "docs/paths.md shows what each may hold"),
        Entry(
            "path-unprefixed", .error, "a step has no prefix in a document with namespaces",
            why:
                "in XPath a name without a prefix never means an element in a namespace: the rule would find nothing, silently",
            help: "declare the namespace under `source` and write the prefix"),
        Entry(
            "path-never-met", .warning, "a path selects nothing in any sample",
            why: "it may be misspelt; a path that is never met fills nothing, silently",
            help: "compare it with the samples, or add a sample that has it"),
        Entry(
            "sample-missing", .warning, "a sample that a test names is not there",
            why: "the test cannot be run, so nothing says whether the mapping still does what it should",
            help: "correct the name, put the sample there, or take the test away"),
        Entry(
            "table-missing", .error, "a code table is not there", why: "codes could not be translated without it",
            help: "put the CSV beside the mapping and list it under `tables`"),
        Entry(
            "table-code-unknown", .error, "a code table gives a code the field does not have",
            why: "the value would be refused whenever that row is used", help: "use one of the field's codes"),
        // Documents
        Entry(
            "mapping-none", .error, "no mapping reads this document", why: "documents are recognised by what they hold",
            help: "`linkway scan DOC --scaffold` writes a first mapping for it"),
        Entry(
            "mapping-ambiguous", .error, "several mappings could read this document",
            why: "two mappings would make two different referrals of it",
            help: "add conditions under `source: { when: … }`"),
        Entry(
            "not-a-referral", .error, "this document is something else than a referral",
            why: "answers, bookings and directory entries arrive by the same ways as referrals",
            help: "nothing needs to be done unless it was meant as a referral"),
        Entry(
            "root-unexpected", .error, "the mapping reads another kind of document",
            why: "every field would come out missing",
            help: "choose the mapping that reads this kind, or none to have it found"),
        Entry(
            "referral-none", .error, "the document holds no referral",
            why: "nothing in it is what the mapping takes a referral from", help: "ask the sender what was to be sent"),
        Entry(
            "status-requested", .warning, "the sender asks how a referral stands",
            why: "nothing of the referral is changed by the question, and the sender waits for an answer",
            help: "tell the sender what became of the referral"),
        Entry(
            "value-missing", .warning, "the document does not say this",
            why: "the mapping expects it, and nothing stands where it should",
            help: "ask the sender to fill it in, or map it from another place"),
        Entry(
            "value-structured", .error, "an object or a list stands where one value is due",
            why: "its parts run together would be a value that nobody wrote",
            help: "let the path select one of its parts, or its items with [*]"),
        Entry(
            "too-many", .warning, "the document says this more than once, and differently",
            why: "one value is due; taking one of two could be taking the wrong one",
            help: "ask the sender which is right"),
        Entry(
            "code-unmapped", .warning, "the code is not in the mapping's code table",
            why: "what was sent is kept, but nothing here knows what it means",
            help: "add a row to the code table, then try again"),
        Entry(
            "watch-unread", .quarantine, "the document holds something important that no rule reads",
            why: "the mapping watches for it; passing the referral on without it could do harm",
            help: "read it by hand, then add a rule for it"),
        Entry(
            "finding-unknown", .error, "there is no finding of that code",
            why: "codes are a closed list with an explanation each",
            help: "docs/errors.md lists them"),
        Entry(
            "manifest-mismatch", .error, "the manifest and the payloads do not fit together",
            why: "the envelope announces parts that are not there, or holds parts it does not announce",
            help: "ask the sender to send the whole message again"),
        Entry(
            "resource-count", .quarantine, "the message holds too few or too many resources of one kind",
            why: "its definition says how many there must be; with two, one could be taken for the other",
            help: "ask the sender which is meant"),
        Entry(
            "subject-not-the-person", .quarantine, "part of the message is about nobody, or about somebody else",
            why: "a fact, risk or consent of another person would be told as this person's",
            help: "ask the sender whom it is about"),
        Entry(
            "consent-not-understood", .quarantine, "a consent says more than is understood here, or not enough",
            why: "an exception, a condition or a state that is passed over could turn a no into a yes",
            help: "read the consent in the document, and ask the person if it is not plain"),
        Entry(
            "modifier-not-understood", .quarantine,
            "part of the message is marked as meaning something else than it says",
            why:
                "such a mark (FHIR modifierExtension, implicitRules) may turn the meaning round, and is not known here",
            help: "read the document, and ask the sender what the mark means"),
        Entry(
            "statement-negated", .quarantine, "the message says not to do something, or that something is not so",
            why: "read without the not, it would say the opposite",
            help: "read the document, and ask the sender what is meant"),
        Entry(
            "attachment-of-whom", .quarantine,
            "attachments stand beside several letters, and do not say whose they are",
            why: "one person's document would be told as another's",
            help: "ask the sender for one message for each letter"),
        Entry(
            "referral-unnamed", .quarantine, "the request does not say which referral it is about",
            why: "it was addressed to one referral, and the address did not come with it",
            help: "ask the sender which referral is meant, and send its identifier with the request"),
        Entry(
            "purpose-unclear", .quarantine, "the document does not say that it is a referral",
            why: "letters, reports and summaries come by the same way, and ask for nothing",
            help: "read the document; let it go on only if somebody is asked to do something for the person"),
        Entry(
            "status-contradicted", .quarantine, "the message says two different things about where the referral stands",
            why: "what is done already would be asked for again, or what is asked for would be taken as done",
            help: "ask the sender which of the two holds"),
        Entry(
            "care-plan-open", .warning, "a care plan of the message is not completed",
            why: "BaRS has a referral sent when triage is done; a receiver that keeps to it refuses this one",
            help: "ask the sender whether triage was finished"),
        Entry(
            "request-undated", .warning, "the request does not say when it was made",
            why: "the profile of BaRS requires it (`authoredOn`); another time of the message stands in its place",
            help: "ask the sender to fill it in"),
        Entry(
            "handling-missing", .quarantine, "the message header does not say how the message is to be handled",
            why: "without it nobody knows whether the receiver must act, and what answers the sender waits for",
            help: "ask the sender for the message with its handling (ITK3: Extension-ITK-MessageHandling)"),
        Entry(
            "reference-unresolved", .warning, "a reference leads to nothing in the message",
            why: "what it refers to was left out or has another id",
            help: "ask the sender to send the resource with the message"),
        Entry(
            "findings-many", .note, "more findings of the same kinds are not listed",
            why: "a list that nobody can read to its end helps nobody",
            help: "put right those that are listed, and look again"),
        Entry(
            "paths-exhausted", .quarantine, "the document makes the mapping's paths run too long",
            why: "it holds so many nodes that looking through them was given up; parts of it may not have been read",
            help: "look at it by hand; write paths without `//` where they are slow"),
        Entry(
            "system-alias-new", .warning, "an identifier system is spelt in a new way",
            why: "it was recognised apart from case or http/https, but stands in no list of the mapping",
            help: "add the spelling to `systems:` in the mapping"),
    ]
}
