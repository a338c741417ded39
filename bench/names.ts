/** What the large rosters are made from; short lists, mixed. Latin-1, so that Windows-1252 holds it. */
export const FIRST_NAMES: readonly string[] =
  'Ada Aiden Alejandra Amara Ana Anya Beatriz Ben Bianca Caleb Camila Chloë Clara Daniel David Dina Elena Elias Emma Esteban Ethan Farah Felix Finn Gabriel Grace Hana Hugo Ibrahim Imani Inés Isaac Iris Jack Jada Jamal Jasmine José Julia Kai Kayla Kenji Kofi Laila Leo Liam Lucía Maia Malik Marcus María Mateo Maya Mei Micah Mia Nadia Naomi Noah Nora Olivia Omar Oscar Paloma Priya Quinn Rafael Ravi Rosa Ruby Sadie Samir Santiago Sara Sasha Sofía Stella Tariq Theo Tomás Uma Valentina Victor Wei Willow Xavier Yara Yusuf Zara Zoë Mary-Kate Anne-Marie D’Andre'
    .replace('’', "'")
    .split(' ');

export const LAST_NAMES: readonly string[] = [
  ...'Abdi Adams Aguilar Ahmed Anderson Baker Banerjee Barnes Bauer Bell Bennett Brooks Brown Campbell Castillo Chavez Chen Clark Cohen Collins Cooper Cruz Davis Delgado Díaz Edwards Evans Fernández Fischer Flores Foster Garcia Gomez González Gray Green Hall Harris Hassan Hernández Hill Howard Hughes Ito Jackson James Johnson Jones Kelly Kim King Kowalski Lee Lewis Li López Martin Martínez Miller Mitchell Moore Morgan Morris Müller Murphy Nakamura Nelson Nguyen Núñez Ortiz Park Patel Pérez Peterson Phillips Powell Price Ramírez Reyes Rivera Roberts Robinson Rodríguez Rogers Ruiz Sánchez Santos Schmidt Scott Silva Singh Smith Stewart Suárez Suzuki Taylor Thomas Torres Tran Turner Walker Ward Watson White Williams Wilson Wong Wright Yamamoto Young Zhang Zimmerman'.split(
    ' ',
  ),
  'de la Cruz',
  "O'Brien",
  "O'Connor",
  'Smith-Jones',
  'Garcia Lopez',
  'Ward, Jr.',
  'van der Berg',
];

export const SCHOOL_NAMES: readonly string[] =
  'Maple Oak Cedar Lincoln Washington Jefferson Roosevelt Kennedy Riverside Lakeview Hillcrest Meadow Sunset Valley Prairie Harbor Granite Summit Willow Franklin Madison Monroe Douglass Chavez Tubman Parks Earhart Carver Río_Vista Mount_Hood'
    .split(' ')
    .map((name) => name.replace('_', ' '));

export const SCHOOL_KINDS: readonly string[] = [
  'Elementary School',
  'Middle School',
  'High School',
  'Academy',
  'School, K-8',
  'Charter School',
];

export const SUBJECTS: readonly string[] = [
  'Science 6',
  'Science 7',
  'Science 8',
  'Earth Science',
  'Life Science',
  'Physical Science',
  'Biology',
  'Biology Honors',
  'Chemistry',
  'Physics',
  'Environmental Science',
  'Anatomy & Physiology',
  'STEM Lab',
  'Robotics',
  'AP Chemistry',
];
