"""Mistakes of driving: about views and their labels, hills, equal steps, and roads that nobody has seen."""

from ...judging.verdict import Mistake

__all__ = ["DRIVING"]

# Where the book mends them.
HILL = 'chapter 12, "A hill of thirty units"'
FRAMES = 'chapter 12, "The same 600 frames"'
EXAM = 'chapter 12, "An examination that both pass"'
VIEWS = 'chapter 12, "Seen from further left"'
PUSHED = 'chapter 12, "Pushed in a bend"'
PIXELS = 'chapter 12, "Which pixels hold the wheel?"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("label not corrected", VIEWS,
     "The label is that of the recorded picture. From another place the same point of the road needs another arc."),
    ("sign of the shift", VIEWS,
     "The shift is added where it belongs subtracted: seen from a car further left, every point lies further right."),
    ("sign of the turn", VIEWS,
     "The turn goes the wrong way: seen from a car that is turned to the left, every point moves to the right."),
    ("sign of the correction", VIEWS,
     "Both corrections have the wrong sign, so a car that is too far left would be told to steer further left."),
    ("shift ignored", VIEWS,
     "The turn is accounted for, but the car has been shifted as well."),
    ("turn ignored", VIEWS,
     "The shift is accounted for, but the car has been turned as well."),
    ("shifted after it was turned", VIEWS,
     "The shift is sideways for the recorded car. Subtract it first, and then look from the turned car."),
    ("half an arc", VIEWS,
     "A factor of 2 is missing: the arc through a point bends by twice its distance to the left over the squared "
     "distance to it."),
    ("radius for curvature", VIEWS,
     "That is the radius of the arc. The arc in 1/m is one over it."),
    ("direction for arc", VIEWS,
     "That is the direction of the point, an angle. The arc that leaves the car straight ahead and ends there bends."),
    ("mean of all units", HILL,
     "All units have a say, and a second hill far away pulls the wheel. Only the highest unit and its neighbours may."),
    ("top unit alone", HILL,
     "That is the arc of the highest unit. Its neighbours tell where between two units the hill has its centre."),
    ("round the corner", HILL,
     "At an end of the row the neighbourhood goes on at the other end, so that hard left has a hard-right neighbour."),
    ("not divided by the mass", HILL,
     "The weighted sum is not divided by the sum of the weights, so a low hill steers less than a high one."),
    ("unweighted neighbours", HILL,
     "The arcs near the highest unit all count alike. Each should count as much as its unit is active."),
    ("hill of the first picture", HILL,
     "The highest unit of the first picture is used for all of them. Each picture has its own."),
    ("narrow neighbourhood", HILL,
     "The neighbourhood has another width: the highest unit and up to four to either side make nine."),
    ("hill in 1/m", HILL,
     "The distance is taken in 1/m, where all arcs are close together. Count it in units."),
    ("nearest unit", HILL,
     "The arc is moved to the nearest unit first. Let the hill have its top between two units."),
    ("hill not squared", HILL,
     "The distance is not squared, which gives a tent with a sharp top instead of a hill."),
    ("one unit hot", HILL,
     "Only one unit is told to be active. The hill tells its neighbours that they are nearly right."),
    ("equal epochs", FRAMES,
     "With as many epochs, the network with the copies takes many more steps. Equal steps are asked for."),
    ("originals forgotten", FRAMES,
     "The copies come on top of the recorded frames; these are learned from as well."),
    ("frame for drive", EXAM,
     "The number of a frame is taken for the number of a drive. Ask each view's frame which drive it is from."),
    ("tested on what was learned", EXAM,
     "All views are learned from, those of the tested drives too."),
    ("frames for views", EXAM,
     "These are the rows of frames. A view is learned from too, and it belongs to the drive of its frame."),
    ("views split anywhere", EXAM,
     "The views are cut in two without regard to their drives, so that views of one frame are on both sides."),
    ("survivors only", PUSHED,
     "Cars that have left the road are not counted at all. They are the ones that did not find their way back."),
    ("side forgotten", PUSHED,
     "A car far to the right has a large negative offset, and passes here. What counts is how far it is from 0."),
    ("slope of the outputs missing", PIXELS,
     "The slope of the sigmoid is missing between the outputs and their weighted inputs."),
    ("slope at the activation", PIXELS,
     "The slope of the sigmoid is a (1 - a) at z; here the sigmoid was applied once more."),
    ("saliency without its sign", PIXELS,
     "The size is right, but the sign is gone: a brighter pixel may turn the wheel either way."),
)
# fmt: on
DRIVING = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
