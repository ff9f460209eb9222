extension FindingCatalogue {
    /// Findings made while bytes become a tree.
    static let reading: [Entry] = [
        Entry(
            "document-empty", .error, "the document is empty",
            why: "the file was made but nothing was written into it, or the transfer stopped at once",
            help: "ask the sender to send it again"),
        Entry(
            "document-too-large", .error, "the document is larger than this channel takes",
            why: "a limit on size keeps one document from holding up all others",
            help: "raise the limit for this source, or send the attachment apart"),
        Entry(
            "format-unknown", .error, "the file is neither XML, JSON, HL7 v2 nor a table (CSV)",
            why: "its first bytes begin none of these; it may be a picture, a PDF or a word-processor file",
            help: "export the referral as XML or JSON; send other files as attachments of a referral"),
        Entry(
            "format-unexpected", .error, "the file is in another format than this channel takes",
            why: "a mapping reads one format; the same words in another would be read wrongly or not at all",
            help: "send it to the channel for its format, or as the format named"),
        Entry(
            "format-compressed", .error, "the file is compressed",
            why: "a gzip or zip file is refused rather than unpacked unseen",
            help: "unpack it first, or mark it as compressed in the MESH control file"),
        Entry(
            "encoding-unsupported", .error, "the document names an encoding that is not read here",
            why: "only UTF-8, UTF-16 with a mark, US-ASCII, ISO-8859-1, ISO-8859-15 and windows-1252 are read",
            help: "send it as UTF-8"),
        Entry(
            "encoding-invalid", .error, "the bytes are not valid in the document's encoding",
            why: "the document says one encoding and holds another, or was cut inside a character",
            help: "save it as UTF-8 and send it again"),
        Entry(
            "xml-malformed", .error, "the XML is not well-formed",
            why: "a document with a broken tag may have lost any part of its content",
            help: "mend the place named, or ask the sender to send the whole file again"),
        Entry(
            "xml-truncated", .error, "the XML stops before its end",
            why: "the file was cut off while being written or sent",
            help: "ask the sender to send it again"),
        Entry(
            "xml-namespace", .error, "a namespace is not used correctly",
            why: "a prefix that is not declared, or declared wrongly, makes a name mean nothing",
            help: "declare the prefix on this element or one around it"),
        Entry(
            "xml-doctype", .error, "the document has a document type declaration",
            why: "a DOCTYPE can read files and call other machines; referrals never need one",
            help: "remove the <!DOCTYPE …> line; nothing it names was read"),
        Entry(
            "json-malformed", .error, "the JSON is not well-formed",
            why: "a document with broken punctuation may have lost any part of its content",
            help: "mend the place named, or ask the sender to send the whole file again"),
        Entry(
            "json-truncated", .error, "the JSON stops before its end",
            why: "the file was cut off while being written or sent",
            help: "ask the sender to send it again"),
        Entry(
            "json-duplicate-key", .error, "one object holds the same key twice",
            why: "two programs would read two different values; with an NHS number that is two different people",
            help: "send each key once"),
        Entry(
            "json-number", .error, "a number is not written as JSON allows",
            why: "NaN, Infinity, leading zeros and a bare point are not JSON",
            help: "write numbers as in RFC 8259, or put the value in quotes"),
        Entry(
            "json-surrogate", .error, "a \\u escape names half a character",
            why: "a lone surrogate is no character and would be lost on the way",
            help: "write both halves, or the character itself"),
        Entry(
            "hl7-malformed", .error, "the HL7 v2 message cannot be read",
            why:
                "a message begins with MSH and its delimiters, and each segment with three characters and a field mark",
            help: "send the message as HL7 v2 with CR between its segments"),
        Entry(
            "csv-malformed", .error, "a quotation mark of the table stands where none may",
            why: "it hides where a value or a row ends, so values of one person could be taken for another's",
            help: "save the table as CSV again: values with commas or marks in quotation marks, marks within doubled"),
        Entry(
            "csv-header", .error, "the first line of the table does not name its columns",
            why: "a column without a name, or two of one name, could be taken for each other",
            help: "give each column one name of its own in the first line"),
        Entry(
            "csv-row-ragged", .quarantine, "a row has more or fewer values than the table has columns",
            why: "its values may stand under the wrong names; the other rows are read",
            help: "mend the row, and put values with commas in quotation marks"),
        Entry(
            "fhir-malformed", .error, "the document is not a FHIR resource",
            why:
                "a FHIR resource names its type, in JSON by resourceType and in XML by its root in http://hl7.org/fhir",
            help: "send one resource or Bundle in FHIR JSON or FHIR XML"),
        Entry(
            "limit-depth", .error, "elements are nested deeper than this channel takes",
            why: "a limit on depth keeps a hostile document from exhausting the machine",
            help: "raise the limit if a real document needs it"),
        Entry(
            "limit-nodes", .error, "the document has more elements than this channel takes",
            why: "a limit on count keeps a hostile document from exhausting the machine",
            help: "raise the limit if a real document needs it"),
        Entry(
            "limit-attributes", .error, "one tag has more attributes than this channel takes",
            why: "the time to check attributes grows with the square of their number",
            help: "raise the limit if a real document needs it"),
        Entry(
            "limit-text", .error, "one text is longer than this channel takes",
            why: "a limit on text keeps one value from exhausting the machine",
            help: "raise the limit, or send the attachment apart"),
    ]
}
