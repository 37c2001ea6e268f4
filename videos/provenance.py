"""How a file was made, in the standard words that machines read: XMP with the IPTC's digital source type."""

from __future__ import annotations

from enum import StrEnum

CREATOR_TOOL = "PetGroove"

# The text between the markers is UTF-8. "r" says that no room is left to edit it in place.
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <xmp:CreatorTool>{tool}</xmp:CreatorTool>
   <Iptc4xmpExt:DigitalSourceType>{source_type}</Iptc4xmpExt:DigitalSourceType>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


class SourceType(StrEnum):
    """A term of the IPTC's vocabulary at http://cv.iptc.org/newscodes/digitalsourcetype/."""

    # The studio: a photo and drawings, put together with the help of a trained model.
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
    # A provider: made by a trained model as a whole.
    TRAINED = "trainedAlgorithmicMedia"

    @property
    def uri(self) -> str:
        return f"http://cv.iptc.org/newscodes/digitalsourcetype/{self.value}"


def xmp_packet(source_type: SourceType) -> bytes:
    """Return the XMP packet of a file. It contains no time and no id, so the same video stays the same bytes."""
    return PACKET.format(tool=CREATOR_TOOL, source_type=source_type.uri).encode()
